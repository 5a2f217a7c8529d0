"""python -m services.notifications web | worker | migrate"""

from services.notifications.app import build_from_env
from shared.process import main

if __name__ == "__main__":
    raise SystemExit(main("notifications", build_from_env))
