import ast
from pathlib import Path

import numpy as np
import pytest
from jaxtyping import TypeCheckError

import modicum.analysis
from modicum.analysis.whitening import gram


def test_an_array_of_the_wrong_length_is_refused_by_the_name_of_its_axis():
    three, four = np.zeros((3, 2)), np.arange(4.0)
    with pytest.raises(TypeCheckError):
        gram(three, four, np.ones(1), np.ones(1))


def test_every_public_function_of_the_analysis_says_the_shapes_of_its_arrays():
    bare = [
        f"{path.name}: {function.name}({argument.arg})"
        for path in Path(modicum.analysis.__file__).parent.glob("*.py")
        for function in ast.walk(ast.parse(path.read_text()))
        if isinstance(function, ast.FunctionDef) and not function.name.startswith("_")
        for argument in (*function.args.args, *function.args.kwonlyargs)
        if argument.annotation is not None and ast.unparse(argument.annotation) == "np.ndarray"
    ]
    assert not bare, bare
