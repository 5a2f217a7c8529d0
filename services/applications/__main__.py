"""python -m services.applications web | worker | migrate"""

from services.applications.app import build_from_env
from shared.process import main

if __name__ == "__main__":
    raise SystemExit(main("applications", build_from_env))
