"""The tridiagonal form: a cell turned once so that the posterior at any value of sigma costs O(p).

With standard normal priors let M = X'R^-1 X and c = X'R^-1 y. Householder reflections H make H M H' tridiagonal
(Golub & Van Loan 2013, section 8.3.1); H (I + v M) H' is tridiagonal for every v = 1/sigma^2.
"""

# The types of compiled functions are the compiler's:
# pyright: basic
# ruff: noqa: PLR0917 - compiled functions call each other by position

from modicum.analysis.compiled.compilation import compiled
from modicum.analysis.compiled.elementary import logarithm
from modicum.analysis.compiled.lanes import WIDTH, load, pick, root, splat, store

_LOG_EVERY = 16  # pivots multiplied before their log is taken: far from overflow
_TINY = 1e-300


@compiled
def cell_matrix(state, at, group, j, n_tau, fixed, timed, matrix, shift):
    """Gather M (lower half, row by row) and c of eight cells from the Gram; returns the quadratic y'R^-1 y."""
    shared = 1 + fixed
    row = at[4] + group * (shared * (shared + 1) // 2) * WIDTH
    quadratic = load(state, row)
    to = row + WIDTH
    for i in range(fixed):
        store(shift, i * WIDTH, load(state, to))
        for k in range(i + 1):
            store(matrix, (i * (i + 1) // 2 + k) * WIDTH, load(state, to + (1 + k) * WIDTH))
        to += (i + 2) * WIDTH
    to = at[6] + (group * n_tau + j) * (timed * shared + timed * (timed + 1) // 2) * WIDTH
    for i in range(fixed, fixed + timed):
        store(shift, i * WIDTH, load(state, to))
        for k in range(i + 1):
            store(matrix, (i * (i + 1) // 2 + k) * WIDTH, load(state, to + (1 + k) * WIDTH))
        to += (i + 2) * WIDTH
    return quadratic


@compiled
def centre_last(matrix, shift, quadratic, size, mean):
    """Take the prior mean of the last coefficient out of c and of the quadratic."""
    last = size - 1
    row = last * (last + 1) // 2
    quadratic = quadratic - 2.0 * mean * load(shift, last * WIDTH) + mean * mean * load(matrix, (row + last) * WIDTH)
    for k in range(size):
        store(shift, k * WIDTH, load(shift, k * WIDTH) - mean * load(matrix, (row + k) * WIDTH))
    return quadratic


@compiled
def reflector(matrix, k, size, v):
    """The Householder vector of column k below the diagonal; returns 2/v'v (0 where there is none) and the new end."""
    below = splat(0.0)
    for i in range(k + 2, size):
        x = load(matrix, (i * (i + 1) // 2 + k) * WIDTH)
        store(v, i * WIDTH, x)
        below += x * x
    top = load(matrix, ((k + 1) * (k + 2) // 2 + k) * WIDTH)
    norm = root(top * top + below)
    end = pick(top, splat(0.0), splat(0.0) - norm, norm)
    first = top - end
    store(v, (k + 1) * WIDTH, first)
    squared = below + first * first
    return pick(squared, splat(_TINY), 2.0 / squared, splat(0.0)), end


@compiled
def reflect(vectors, at, v, scale, first, size):
    """Apply I - scale v v' to one vector."""
    along = splat(0.0)
    for i in range(first, size):
        along += load(v, i * WIDTH) * load(vectors, at + i * WIDTH)
    along = along * scale
    for i in range(first, size):
        store(vectors, at + i * WIDTH, load(vectors, at + i * WIDTH) - along * load(v, i * WIDTH))


@compiled
def reduce_matrix(matrix, shift, size, loadings, n_loadings, v, w, form):
    """Turn M, c and the loadings; ``form`` gets the diagonal, the side diagonal and c."""
    for k in range(size - 2):
        scale, end = reflector(matrix, k, size, v)
        first = k + 1
        inner = splat(0.0)
        for i in range(first, size):
            row = i * (i + 1) // 2
            total = splat(0.0)
            for j in range(first, i + 1):
                total += load(matrix, (row + j) * WIDTH) * load(v, j * WIDTH)
            for j in range(i + 1, size):
                total += load(matrix, (j * (j + 1) // 2 + i) * WIDTH) * load(v, j * WIDTH)
            total = total * scale
            store(w, i * WIDTH, total)
            inner += total * load(v, i * WIDTH)
        inner = inner * scale * 0.5
        for i in range(first, size):
            store(w, i * WIDTH, load(w, i * WIDTH) - inner * load(v, i * WIDTH))
        for i in range(first, size):
            row = i * (i + 1) // 2
            vi, wi = load(v, i * WIDTH), load(w, i * WIDTH)
            for j in range(first, i + 1):
                to = (row + j) * WIDTH
                store(matrix, to, load(matrix, to) - vi * load(w, j * WIDTH) - wi * load(v, j * WIDTH))
        reflect(shift, 0, v, scale, first, size)
        for r in range(n_loadings):
            reflect(loadings, r * size * WIDTH, v, scale, first, size)
        store(form, (size + k) * WIDTH, end)
    gather_form(matrix, shift, size, form)


@compiled
def gather_form(matrix, shift, size, form):
    """The diagonal, the last of the side diagonal, and c."""
    for k in range(size):
        store(form, k * WIDTH, load(matrix, (k * (k + 1) // 2 + k) * WIDTH))
        store(form, (2 * size + k) * WIDTH, load(shift, k * WIDTH))
    if size > 1:
        last = (size - 1) * size // 2 + size - 2
        store(form, (2 * size - 2) * WIDTH, load(matrix, last * WIDTH))


@compiled
def pivots(form, at, size, v):
    """Find log det(I + vM) and c'(I + vM)^-1 c by elimination."""
    pivot = 1.0 + v * load(form, at)
    y = load(form, at + 2 * size * WIDTH)
    per_pivot = 1.0 / pivot
    squares, product, log_det = y * y * per_pivot, pivot, splat(0.0)
    for i in range(1, size):
        side = v * load(form, at + (size + i - 1) * WIDTH)
        step = side * per_pivot
        pivot = 1.0 + v * load(form, at + i * WIDTH) - side * step
        y = load(form, at + (2 * size + i) * WIDTH) - step * y
        per_pivot = 1.0 / pivot
        squares += y * y * per_pivot
        product = product * pivot
        if i % _LOG_EVERY == 0:
            log_det += logarithm(product)
            product = splat(1.0)
    return log_det + logarithm(product), squares


@compiled
def derivatives(form, at, size, v):
    """First and second derivative by v of log det(I + vM), and F = c'(I + vM)^-1 c with its two."""
    a = load(form, at)
    y = load(form, at + 2 * size * WIDTH)
    y1, y2 = splat(0.0), splat(0.0)
    per_pivot = 1.0 / (1.0 + v * a)
    rho1, rho2 = a * per_pivot, splat(0.0)
    log1, log2 = rho1, splat(0.0) - rho1 * rho1
    f = y * y * per_pivot
    f1 = splat(0.0) - f * rho1
    f2 = 2.0 * f * rho1 * rho1
    for i in range(1, size):
        b = load(form, at + (size + i - 1) * WIDTH)
        m = v * b * per_pivot
        m1 = b * per_pivot - m * rho1
        m2 = 2.0 * m * rho1 * rho1 - 2.0 * b * per_pivot * rho1 - m * rho2
        a = load(form, at + i * WIDTH)
        per_pivot = 1.0 / (1.0 + v * a - v * b * m)
        y2 = splat(0.0) - m2 * y - 2.0 * m1 * y1 - m * y2
        y1 = splat(0.0) - m1 * y - m * y1
        y = load(form, at + (2 * size + i) * WIDTH) - m * y
        rho1 = (a - b * m - v * b * m1) * per_pivot
        rho2 = (splat(0.0) - 2.0 * b * m1 - v * b * m2) * per_pivot
        log1 += rho1
        log2 += rho2 - rho1 * rho1
        f += y * y * per_pivot
        f1 += (2.0 * y * y1 - y * y * rho1) * per_pivot
        f2 += (2.0 * y1 * y1 + 2.0 * y * y2 - 4.0 * y * y1 * rho1 + y * y * (2.0 * rho1 * rho1 - rho2)) * per_pivot
    return log1, log2, f, f1, f2


@compiled
def effects(form, at, turned, size, n_loadings, v, solved, mean, covariance):
    """Posterior mean and covariance (lower half) of the loaded combinations, less their prior mean."""
    pivot = 1.0 + v * load(form, at)
    y = load(form, at + 2 * size * WIDTH)
    for r in range(n_loadings):
        h = load(turned, r * size * WIDTH)
        store(solved, r * WIDTH, h)
        scaled = h / pivot
        store(mean, r * WIDTH, scaled * y)
        for q in range(r + 1):
            store(covariance, (r * (r + 1) // 2 + q) * WIDTH, scaled * load(solved, q * WIDTH))
    for i in range(1, size):
        side = v * load(form, at + (size + i - 1) * WIDTH)
        step = side / pivot
        pivot = 1.0 + v * load(form, at + i * WIDTH) - side * step
        y = load(form, at + (2 * size + i) * WIDTH) - step * y
        per_pivot = 1.0 / pivot
        for r in range(n_loadings):
            h = load(turned, (r * size + i) * WIDTH) - step * load(solved, r * WIDTH)
            store(solved, r * WIDTH, h)
            scaled = h * per_pivot
            store(mean, r * WIDTH, load(mean, r * WIDTH) + scaled * y)
            for q in range(r + 1):
                to = (r * (r + 1) // 2 + q) * WIDTH
                store(covariance, to, load(covariance, to) + scaled * load(solved, q * WIDTH))
    for r in range(n_loadings):
        store(mean, r * WIDTH, v * load(mean, r * WIDTH))
