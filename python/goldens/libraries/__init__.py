"""The libraries, a module for each. Each has

    make(case, inputs, folder)

which makes the checkpoint of a case in a folder, as the library's users have it, and returns Made.
Only worker.py imports them, in .venv-goldens.
"""
