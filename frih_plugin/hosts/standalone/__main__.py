"""`python -m frih_plugin.hosts.standalone`."""

import sys

from frih_plugin.hosts.standalone.app import main

sys.exit(main())
