"""The mean of several ears as one: ``mean_ear.py EAR EAR … --out FOLDER``.

Ears that were taught further from the same one err differently, and their mean errs less than each (Wortsman et al.,
Model soups, ICML 2022). Writes weights named by their hash with the settings of the last one, and prints their name.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path

import numpy as np
from safetensors.numpy import load, save


def main() -> None:
    """Read, take the mean, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ears", nargs="+", type=Path, metavar="EAR", help="ear-* or onset-*.safetensors")
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    ears = [load(path.read_bytes()) for path in arguments.ears]
    mean = {
        name: np.mean([ear[name].astype(np.float32) for ear in ears], axis=0).astype(np.float16) for name in ears[0]
    }
    content = save(mean)
    path = (
        arguments.out / f"{arguments.ears[-1].stem.split('-')[0]}-{hashlib.sha256(content).hexdigest()[:8]}.safetensors"
    )
    told = json.loads(arguments.ears[-1].with_suffix(".json").read_text())
    told["config"]["mean_of"] = [ear.stem for ear in arguments.ears]
    path.write_bytes(content)
    path.with_suffix(".json").write_text(json.dumps(told, indent=2) + "\n")
    print(path)


if __name__ == "__main__":
    main()
