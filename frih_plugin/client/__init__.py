"""Starts the engine, speaks the protocol with it, starts it again: Qt, but no widgets and no host.

engine_command     which program is the engine
clean_environment  the environment variables it gets
engine_process     one run of it: frames in and out, without blocking
outbox             frames on their way out, in pieces
engine_client      requests and answers; what state the engine is in
restart_budget     how often it may be started again
engine_log         the log of this side
latest             one request of a kind under way, the newest kept
"""
