"""`python -m zikao.node.cli`."""

import sys

from zikao.node.cli.parser import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
