"""The systems of the papers that never had a checkpoint, made of parts.

table.py lists them. A system is inputs that become rows (images.py, audiovisual.py, points.py,
text.py), what makes latents of rows (latents.py), and what makes a result of latents (heads.py).
"""

from .system import System
from .table import SYSTEMS, get_system

__all__ = ["SYSTEMS", "System", "get_system"]
