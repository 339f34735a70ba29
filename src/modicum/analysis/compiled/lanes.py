"""Lanes: eight cells of the grid side by side in the registers of the processor.

A value of type ``Lanes`` holds eight numbers; ``+ - * /`` act on each of them. Whatever the processor, the compiler
turns it into the widest registers there are.
"""

import operator
from typing import Any, cast

from llvmlite import ir
from numba.core import cgutils, types
from numba.core.extending import intrinsic, models, register_model
from numba.core.imputils import lower_builtin
from numba.core.typing.templates import ConcreteTemplate, infer_global, signature

WIDTH = 8

_VECTOR = ir.VectorType(ir.DoubleType(), WIDTH)
_BITS = ir.VectorType(ir.IntType(64), WIDTH)
_BIAS, _SHIFT = 1023, 52  # of the exponent of a double


class LanesType(types.Type):
    """The compiler's name for eight numbers in a register."""

    def __init__(self) -> None:
        super().__init__("Lanes")


_LANES = LanesType()
Lanes = Any  # what the functions below take and give, for a reader and for the type checker


@register_model(LanesType)
class _Model(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Any):
        super().__init__(manager, kind, _VECTOR)


def _constant(kind: Any, value: float) -> Any:
    return ir.Constant(kind, [value] * WIDTH)


def _repeat(builder: Any, number: Any) -> Any:
    nothing, index = ir.Constant(_VECTOR, ir.Undefined), ir.IntType(32)
    first = builder.insert_element(nothing, number, ir.Constant(index, 0))
    return builder.shuffle_vector(first, nothing, ir.Constant(ir.VectorType(index, WIDTH), [0] * WIDTH))


def _register(operation: Any, instruction: str) -> None:
    number = types.float64
    cases = [signature(_LANES, *pair) for pair in ((_LANES, _LANES), (_LANES, number), (number, _LANES))]
    cast(Any, infer_global)(operation)(type(f"Lanes_{operation.__name__}", (ConcreteTemplate,), {"cases": cases}))

    def lower(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        wide = [a if kind == _LANES else _repeat(builder, a) for a, kind in zip(args, sig.args, strict=True)]
        return getattr(builder, instruction)(*wide, flags=("contract",))

    for case in cases:
        lower_builtin(operation, *case.args)(lower)


for _name, _instruction in (("add", "fadd"), ("sub", "fsub"), ("mul", "fmul"), ("truediv", "fdiv")):
    _register(getattr(operator, _name), _instruction)
    _register(getattr(operator, f"i{_name}"), _instruction)


def _place(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    data = context.make_array(sig.args[0])(context, builder, args[0]).data
    return builder.bitcast(builder.gep(data, [args[1]]), _VECTOR.as_pointer())


def _load(_typing: Any, array: Any, at: Any) -> Any:
    def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return builder.load(_place(context, builder, sig, args), align=8)

    return _LANES(array, types.intp), emit


def _store(_typing: Any, array: Any, at: Any, value: Any) -> Any:
    def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        builder.store(args[2], _place(context, builder, sig, args), align=8)
        return context.get_dummy_value()

    return types.void(array, types.intp, _LANES), emit


def _splat(_typing: Any, number: Any) -> Any:
    def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return _repeat(builder, args[0])

    return _LANES(types.float64), emit


def _root(_typing: Any, x: Any) -> Any:
    def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        kind = ir.FunctionType(_VECTOR, [_VECTOR])
        return builder.call(cgutils.get_or_insert_function(builder.module, kind, f"llvm.sqrt.v{WIDTH}f64"), args)

    return _LANES(_LANES), emit


def _pick(_typing: Any, x: Any, y: Any, yes: Any, no: Any) -> Any:
    def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return builder.select(builder.fcmp_ordered(">", args[0], args[1]), args[2], args[3])

    return _LANES(_LANES, _LANES, _LANES, _LANES), emit


def _two_to(_typing: Any, k: Any) -> Any:
    def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        exponent = builder.add(builder.fptosi(args[0], _BITS), _constant(_BITS, _BIAS))
        return builder.bitcast(builder.shl(exponent, _constant(_BITS, _SHIFT)), _VECTOR)

    return _LANES(_LANES), emit


def _exponent(_typing: Any, x: Any) -> Any:
    def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        raised = builder.lshr(builder.bitcast(args[0], _BITS), _constant(_BITS, _SHIFT))
        return builder.sitofp(builder.sub(raised, _constant(_BITS, _BIAS)), _VECTOR)

    return _LANES(_LANES), emit


load = cast(Any, intrinsic(_load))  # load(array, at): eight numbers from a flat array
store = cast(Any, intrinsic(_store))  # store(array, at, lanes)
splat = cast(Any, intrinsic(_splat))  # splat(number): the same number eight times
root = cast(Any, intrinsic(_root))  # square roots
pick = cast(Any, intrinsic(_pick))  # pick(x, y, yes, no): yes where x > y, else no
two_to = cast(Any, intrinsic(_two_to))  # 2^k for whole k from -1022 to 1023
exponent = cast(Any, intrinsic(_exponent))  # floor(log2 x) for normal x > 0
