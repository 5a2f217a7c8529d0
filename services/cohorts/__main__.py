"""python -m services.cohorts web | worker | migrate"""

from services.cohorts.app import build_from_env
from shared.process import main

if __name__ == "__main__":
    raise SystemExit(main("cohorts", build_from_env))
