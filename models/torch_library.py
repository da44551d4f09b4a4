"""The machine code of torch, loaded while other threads go on.

Python holds its lock while an import loads a library, and torch's takes up to a second: no key would be lit and no
button drawn meanwhile. A call of a foreign function lets the others run, and so does one of the system's own loader.
"""

from __future__ import annotations

import ctypes
import os
import sys
from importlib.util import find_spec
from pathlib import Path

NAMES = {"linux": "libtorch_python.so", "darwin": "libtorch_python.dylib"}  # which brings all others


def load() -> None:
    """Load the library before torch is imported; where there is none of these, the import does."""
    spec, name = find_spec("torch"), NAMES.get(sys.platform)
    if "torch" in sys.modules or spec is None or name is None:
        return
    open_library = ctypes.CDLL(None).dlopen
    open_library.argtypes, open_library.restype = (ctypes.c_char_p, ctypes.c_int), ctypes.c_void_p
    for folder in spec.submodule_search_locations or ():
        open_library(os.fsencode(Path(folder) / "lib" / name), os.RTLD_LAZY)
