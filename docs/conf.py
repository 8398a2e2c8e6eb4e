"""Sphinx configuration. Every code cell is executed while the pages are built; an error or a warning stops the build."""

import logging
import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "_ext"))

# Kernels of their own: no start-up files of the user, and only errors in the log.
profile = HERE / "_build" / "ipython" / "profile_default"
profile.mkdir(parents=True, exist_ok=True)
(profile / "ipython_kernel_config.py").write_text("c.IPKernelApp.log_level = 40\n")
os.environ["IPYTHONDIR"] = str(profile.parent)
logging.getLogger("traitlets").setLevel(logging.WARNING)

import qsm

project = "qsm"
author = "The qsm authors"
project_copyright = "The qsm authors, BSD-3-Clause"
version = release = qsm.__version__

extensions = ["myst_nb", "mathml", "reference_pages"]
exclude_patterns = ["_build", "README.md", "**.ipynb_checkpoints"]
source_suffix = {".md": "myst-nb"}
myst_enable_extensions = ["colon_fence", "dollarmath", "attrs_block"]
myst_heading_anchors = 3

nb_execution_mode = "force"
nb_execution_raise_on_error = True
nb_execution_timeout = 60
nb_merge_streams = True
nb_render_markdown_format = "gfm"

nitpicky = True
html_math_renderer = "mathml"
html_theme = "furo"
html_title = f"qsm {release}"
html_static_path = ["_static"]
html_css_files = ["qsm.css"]
html_theme_options = {"top_of_page_buttons": []}
