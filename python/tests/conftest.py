"""Put python/ on the module search path, so that tests run from a checkout without installing
anything.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
