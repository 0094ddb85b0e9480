"""The web faces: chat, approvals page and API on one host.

Chainlit reads its environment while it is imported and would make folders in the current directory. Until `chainlit_home.prepare`
has made a home for it in the data folder, its root is a place that does not exist, so that an early import fails instead.
"""

import os
from pathlib import Path

os.environ.setdefault("CHAINLIT_APP_ROOT", str(Path(__file__).parent / "not-prepared" / "see-chainlit_home"))
