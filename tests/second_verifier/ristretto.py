"""ristretto255 in plain integers, from RFC 9496, section 4. Not constant-time; it sees nothing secret."""

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
I = pow(2, (P - 1) // 4, P)  # noqa: E741
IDENTITY = (0, 1, 1, 0)


def sqrt_ratio(u: int, v: int) -> tuple[bool, int]:
    r = u * pow(v, 3, P) * pow(u * pow(v, 7, P) % P, (P - 5) // 8, P) % P
    check = v * r * r % P
    u %= P
    flipped, flipped_i = check == -u % P, check == -u * I % P
    if flipped or flipped_i:
        r = r * I % P
    return check == u or flipped, absolute(r)


def absolute(x: int) -> int:
    x %= P
    return P - x if x & 1 else x


INVSQRT_A_MINUS_D = sqrt_ratio(1, -1 - D)[1]
#: RFC 9496, 4.1 gives this root; it is the odd one of the two.
SQRT_AD_MINUS_ONE = 25063068953384623474111414158702152701244531502492656460079210482610430750235


def decode(data: bytes):
    """A point (X, Y, Z, T), or None where the bytes encode none."""
    s = int.from_bytes(data, "little")
    if len(data) != 32 or s >= P or s & 1:
        return None
    ss = s * s % P
    u1, u2 = 1 - ss, 1 + ss
    u2_sqr = u2 * u2 % P
    v = (-D * u1 * u1 - u2_sqr) % P
    square, inv = sqrt_ratio(1, v * u2_sqr % P)
    den_x = inv * u2 % P
    x = absolute(2 * s * den_x)
    y = u1 * inv * den_x * v % P
    t = x * y % P
    if not square or t & 1 or y == 0:
        return None
    return x, y, 1, t


def encode(point) -> bytes:
    x0, y0, z0, t0 = point
    u1 = (z0 + y0) * (z0 - y0) % P
    u2 = x0 * y0 % P
    _, inv = sqrt_ratio(1, u1 * u2 * u2 % P)
    den1, den2 = inv * u1 % P, inv * u2 % P
    z_inv = den1 * den2 * t0 % P
    if t0 * z_inv % P & 1:
        x, y, den = y0 * I % P, x0 * I % P, den1 * INVSQRT_A_MINUS_D % P
    else:
        x, y, den = x0, y0, den2
    if x * z_inv % P & 1:
        y = -y
    return absolute(den * (z0 - y)).to_bytes(32, "little")


def _map(t: int):
    r = I * t * t % P
    u = (r + 1) * (1 - D * D) % P
    v = (-1 - r * D) * (r + D) % P
    square, s = sqrt_ratio(u, v)
    c = -1
    if not square:
        s, c = -absolute(s * t) % P, r
    n = (c * (r - 1) * (D - 1) ** 2 - v) % P
    w0, w1, w2, w3 = 2 * s * v % P, n * SQRT_AD_MINUS_ONE % P, (1 - s * s) % P, (1 + s * s) % P
    return w0 * w3 % P, w2 * w1 % P, w1 * w3 % P, w0 * w2 % P


def from_uniform(data: bytes):
    """The one-way map of RFC 9496, 4.3.4, of 64 bytes."""
    mask = 2**255 - 1
    halves = (int.from_bytes(data[:32], "little") & mask, int.from_bytes(data[32:], "little") & mask)
    return add(_map(halves[0] % P), _map(halves[1] % P))


def add(p, q):
    x1, y1, z1, t1 = p
    x2, y2, z2, t2 = q
    a, b = (y1 - x1) * (y2 - x2) % P, (y1 + x1) * (y2 + x2) % P
    c, d = 2 * D * t1 * t2 % P, 2 * z1 * z2 % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def negative(p):
    return -p[0] % P, p[1], p[2], -p[3] % P


def equal(p, q) -> bool:
    return (p[0] * q[1] - q[0] * p[1]) % P == 0 or (p[1] * q[1] - p[0] * q[0]) % P == 0


def multiply(scalar: int, p):
    scalar %= ORDER
    out = IDENTITY
    for bit in bin(scalar)[2:]:
        out = add(out, out)
        if bit == "1":
            out = add(out, p)
    return out


def multiply_sum(scalars, points, width: int = 7):
    """The sum of scalar times point, by buckets of ``width`` bits."""
    scalars = [s % ORDER for s in scalars]
    out = IDENTITY
    for shift in range((253 // width) * width, -1, -width):
        for _ in range(width):
            out = add(out, out)
        buckets = [None] * (1 << width)
        for s, p in zip(scalars, points, strict=True):
            digit = (s >> shift) & ((1 << width) - 1)
            if digit:
                buckets[digit] = p if buckets[digit] is None else add(buckets[digit], p)
        running = total = IDENTITY
        for bucket in reversed(buckets[1:]):
            if bucket is not None:
                running = add(running, bucket)
            total = add(total, running)
        out = add(out, total)
    return out


BASE = decode(bytes.fromhex("e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76"))
