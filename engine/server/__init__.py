"""The engine as a process of its own: requests of an image editor in, pixels out.

    python -m engine.server          frames on standard input, frames on standard output

main         start, threads and end          jobs         what waits, what is cancelled or overtaken
wire         bytes in and out                worker       the one loop that does the work
answers      one method a request            session      a layer's caches, by what they depend on
opened       a layer made ready              shown        small pictures of before and after
"""
