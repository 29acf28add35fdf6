"""Token factors on tails whose answer is known in closed form."""

import pytest
import torch

from xsb_core.attribution.cosine import differentiated
from xsb_core.integration.factors import DRAWS, batch_factors, token_factors
from xsb_core.integration.jacobians import forward_factors, reverse_factors
from xsb_core.integration.quadrature import quadrature
from xsb_core.integration.settings import Settings


def random(gen, *shape):
    return torch.randn(*shape, generator=gen, dtype=torch.float64)


def tanh_tail(gen, d=5, size=4):
    weight, mix = random(gen, d, size), random(gen, size, size)

    def tail(hidden):
        pooled = torch.tanh(torch.matmul(hidden, weight)).mean(1)
        return torch.tanh(torch.matmul(pooled, mix))

    return tail


def test_linear_tail_gives_each_token_its_own_step(gen):
    weight = random(gen, 5, 4)
    x, r = random(gen, 2, 6, 5)
    exact = Settings(tolerance=1e-10)
    result = token_factors(lambda hidden: torch.matmul(hidden, weight).mean(1), x, r, exact)
    torch.testing.assert_close(result.factors, (x - r) @ weight / 6)
    assert result.residual < 1e-10
    assert result.error < 1e-10


def test_quadratic_tail_in_closed_form(gen):
    # e(x) = (Σ_i x_i W)², so u_i = ∫ 2 (s_r + α (s_x − s_r)) α-step_i dα = (s_x + s_r) · step_i
    weight = random(gen, 5, 4)
    x, r = random(gen, 2, 6, 5)

    def tail(hidden):
        total = torch.matmul(hidden, weight).sum(1)
        return total * total

    steps = (x - r) @ weight
    expected = (x.sum(0) @ weight + r.sum(0) @ weight) * steps
    found = token_factors(tail, x, r, Settings(tolerance=1e-10))
    torch.testing.assert_close(found.factors, expected)


def test_forward_and_reverse_agree(gen):
    tail, groups = tanh_tail(gen), torch.rand(3, 6, generator=gen) > 0.5
    x, r = random(gen, 2, 6, 5)
    nodes, weights = quadrature("gauss-legendre", 7)
    arguments = (tail, x[None], r, groups, [nodes], [weights])
    torch.testing.assert_close(
        forward_factors(*arguments, row_bytes=1), reverse_factors(*arguments, row_bytes=1)
    )


@pytest.mark.parametrize("differentiate", [forward_factors, reverse_factors])
def test_chunks_change_nothing(gen, differentiate):
    tail, groups = tanh_tail(gen), torch.eye(6, dtype=torch.bool)
    x, r = random(gen, 2, 6, 5)
    nodes, weights = quadrature("gauss-legendre", 9)
    arguments = (tail, x[None], r, groups, [nodes], [weights])
    whole = differentiate(*arguments, row_bytes=1)
    shares = []
    small = differentiate(*arguments, row_bytes=2**24, progress=shares.append)
    fewer = differentiate(*arguments, row_bytes=1, chunk_bytes=12)
    torch.testing.assert_close(whole, fewer)
    torch.testing.assert_close(whole, small)
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1)
    assert len(shares) > 3


def test_reverse_mode_where_tokens_outnumber_dimensions(gen, monkeypatch):
    tail = tanh_tail(gen)
    x, r = random(gen, 2, 9, 5)  # nine tokens, four dimensions
    expected = token_factors(tail, x, r, Settings(steps=12))
    carried = []

    def forward(tail, x, r, groups, *rest):
        carried.append(len(groups))
        return forward_factors(tail, x, r, groups, *rest)

    monkeypatch.setattr("xsb_core.integration.factors.forward_factors", forward)
    result = token_factors(tail, x, r, Settings(steps=12))
    torch.testing.assert_close(result.factors, expected.factors)
    assert carried == [DRAWS]  # the error's random signs; no tangent a token


@pytest.mark.parametrize("tokens", [3, 9])  # forward mode, reverse mode
def test_a_batch_gives_what_each_text_gives_alone(gen, tokens):
    tail = differentiated(tanh_tail(gen), "through")
    *texts, r = random(gen, 5, tokens, 5)
    texts[1] = r + 0.05 * (texts[1] - r)  # hardly any way to go: fewer nodes
    settings = Settings(tolerance=1e-6)
    alone = [token_factors(tail, x, r, settings) for x in texts]
    assert len({one.nodes for one in alone}) > 1
    together = batch_factors(tail, torch.stack(texts), r, settings, row_bytes=1, chunk_bytes=100)
    for one, other in zip(alone, together, strict=True):
        torch.testing.assert_close(one.factors, other.factors, rtol=0, atol=1e-12)
        torch.testing.assert_close(one.embedding, other.embedding)
        assert (one.nodes, one.panels, one.work) == (other.nodes, other.panels, other.work)
        assert other.converged


def test_groups_sum_their_tokens(gen):
    tail = tanh_tail(gen)
    x, r = random(gen, 2, 4, 5)
    single = token_factors(tail, x, r, Settings(steps=8))
    groups = torch.tensor([[True, True, False, False], [False, False, True, True]])
    grouped = token_factors(tail, x, r, Settings(steps=8), groups)
    torch.testing.assert_close(grouped.factors, groups.double() @ single.factors)
    assert grouped.residual == pytest.approx(single.residual)


def test_completeness_falls_with_nodes_until_the_tolerance(gen):
    tail = differentiated(tanh_tail(gen), "through")
    x, r = random(gen, 2, 4, 5)
    residuals = [
        token_factors(tail, x, r, Settings(steps=steps)).residual for steps in (2, 4, 8, 16)
    ]
    assert residuals == sorted(residuals, reverse=True)
    loose = token_factors(tail, x, r, Settings(tolerance=1e-2))
    tight = token_factors(tail, x, r, Settings(tolerance=1e-9))
    assert loose.converged
    assert loose.residual <= 1e-2
    assert tight.converged
    assert tight.residual <= 1e-9
    assert loose.nodes < tight.nodes


def test_right_endpoint_error_is_first_order(gen):
    tail = tanh_tail(gen)
    x, r = random(gen, 2, 4, 5)
    coarse, fine = (
        token_factors(tail, x, r, Settings("right-endpoint", steps=n)).residual for n in (100, 200)
    )
    assert coarse / fine == pytest.approx(2, rel=0.05)
    assert token_factors(tail, x, r, Settings("right-endpoint")).nodes == 100


def test_the_limit_of_work_ends_a_text_and_says_what_it_would_take(gen):
    # a kink on the path: no rule converges fast there
    x, r = random(gen, 2, 4, 5)
    middle = (x + r).mean() / 2

    def tail(hidden):
        return torch.sqrt((hidden - middle).abs()).mean(1)

    result = token_factors(tail, x, r, Settings(tolerance=1e-9, work_limit=400))
    assert not result.converged
    assert 200 <= result.work <= 400
    assert result.needed > 400
    assert max(result.residual, result.error) > 1e-9
    more = token_factors(tail, x, r, Settings(tolerance=1e-9, work_limit=1200))
    assert more.residual < result.residual


def spiky_tail(gen, width):
    """Tokens that turn over within ``width`` of the path, each at its own place."""
    weight, mix = random(gen, 5, 16), random(gen, 16, 16)

    def tail(hidden):
        along = torch.matmul(hidden, weight)
        turned = torch.tanh((along[..., :3] - 0.2) / width).sum(-1, keepdim=True)
        return torch.matmul(along + turned * torch.cos(along), mix).mean(1)

    return tail


def test_spikes_anywhere_are_found_and_converge(gen):
    r = torch.zeros(4, 5, dtype=torch.float64)
    tail = spiky_tail(gen, 0.002)
    x = random(gen, 4, 5)
    result = token_factors(tail, x, r)
    assert result.converged
    assert result.panels > 4
    even = token_factors(tail, x, r, Settings(steps=result.nodes))
    assert even.residual > 10 * result.residual


@pytest.mark.slow
@pytest.mark.parametrize("tolerance", [1e-2, 1e-3, 1e-5])
def test_the_error_of_single_factors_is_the_real_one(gen, tolerance):
    tail = differentiated(spiky_tail(gen, 0.02), "through")
    ratios = []
    for _ in range(12):
        x, r = random(gen, 2, 6, 5)
        found = token_factors(tail, x, r, Settings(tolerance=tolerance))
        exact = token_factors(tail, x, r, Settings(tolerance=1e-9))
        assert found.converged
        gap = torch.linalg.vector_norm(found.embedding - found.reference)
        real = torch.linalg.vector_norm(found.factors - exact.factors) / gap
        ratios.append(found.error / float(real))
    # the square of what random signs tell has the right mean
    assert 0.6 < sum(ratio**2 for ratio in ratios) / len(ratios) < 1.6


def test_errors_that_cancel_in_the_sum_count(gen):
    # two tokens whose factors turn against each other: the sum moves evenly
    def tail(hidden):
        bend = torch.tanh(40 * (hidden[:, 0] - 0.5)) - torch.tanh(40 * (hidden[:, 1] - 0.5))
        return hidden.sum(1) + bend

    x, r = torch.ones(3, 2, dtype=torch.float64), torch.zeros(3, 2, dtype=torch.float64)
    result = token_factors(tail, x, r, Settings(steps=5))
    assert result.residual < 1e-12
    assert result.error > 0.05


def test_text_equal_to_its_reference_has_no_factors(gen):
    x = random(gen, 4, 5)
    result = token_factors(tanh_tail(gen), x, x)
    assert result.factors.abs().max() == 0
    assert result.residual == 0
    assert result.converged


def test_groups_may_leave_positions_out_but_not_share_them(gen):
    tail = tanh_tail(gen)
    x, r = random(gen, 2, 4, 5)
    some = torch.tensor([[False, True, True, False]])
    result = token_factors(tail, x, r, Settings(tolerance=1e-8), some)
    whole = token_factors(tail, x, r, Settings(tolerance=1e-8))
    assert result.factors.shape == (1, 4)
    assert result.converged
    torch.testing.assert_close(result.factors[0], whole.factors[1:3].sum(0), atol=1e-7, rtol=0)
    with pytest.raises(ValueError, match="more than one group"):
        token_factors(tail, x, r, groups=torch.ones(2, 4, dtype=torch.bool))


def test_bad_settings_are_refused():
    with pytest.raises(ValueError, match="between 0 and 1"):
        Settings(tolerance=0.0)
    with pytest.raises(ValueError, match="whole number from 1"):
        Settings(steps=0)
    for limit in (0, -5):
        with pytest.raises(ValueError, match="limit of work is a whole number"):
            Settings(work_limit=limit)
    with pytest.raises(ValueError, match="can't be reached in float32; choose 1e-06 or more"):
        Settings(tolerance=1e-9).check_reachable(torch.float32)
    Settings(tolerance=1e-9).check_reachable(torch.float64)
    Settings().check_reachable(torch.bfloat16)
    with pytest.raises(ValueError, match="Unknown quadrature"):
        Settings(quadrature="trapezoid")


def test_a_text_that_misses_the_tolerance_keeps_its_panels(gen, monkeypatch):
    computed = []

    def forward(tail, x, r, groups, nodes, *rest):
        if len(groups) > DRAWS:  # not the random signs of the error
            computed.append([tuple(some.tolist()) for some in nodes])
        return forward_factors(tail, x, r, groups, nodes, *rest)

    monkeypatch.setattr("xsb_core.integration.factors.forward_factors", forward)
    r, again = torch.zeros(4, 5, dtype=torch.float64), 0
    for _ in range(12):
        computed.clear()
        result = token_factors(spiky_tail(gen, 0.005), random(gen, 4, 5), r)
        assert result.converged
        panels = [panel for attempt in computed for panel in attempt]
        assert len(set(panels)) == len(panels)
        nodes = [sum(map(len, attempt)) for attempt in computed]
        assert result.work == 4 * sum(nodes)
        if len(nodes) > 1:
            again += 1
            assert sum(nodes) < nodes[0] + result.nodes  # not all of them anew
    assert again
