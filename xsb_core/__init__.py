"""XSB Explorer's library: why a sentence-transformer finds two texts similar.

The public names are listed in ``__init__.pyi``; each room is loaded when a name of its is first
asked for, so that importing this package, or opening a saved result, loads no torch.
"""

import lazy_loader

__version__ = "0.1.0"

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
