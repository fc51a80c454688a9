"""The libraries, a module for each, with the same functions:

    make(case)                 a module of torch with the case's configuration
    call(model, case, inputs)  its results by name
    save(model, case, folder)  a directory as the library's users have it

Only worker.py imports them, in .venv-goldens."""
