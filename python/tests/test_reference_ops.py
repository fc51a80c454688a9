"""Properties of the reference's operations: masks, splits, norms, positions, patches, heads."""

import importlib
import math

import numpy as np
import pytest

import reference as r

ATTENTION = importlib.import_module("perceiver_compiler.formulas.attention")


def values(name, *shape):
    return r.deterministic_values(name, shape)


def naive_attention(query, key, value, heads, valid=None):
    """Attention one row at a time, without any tiling."""
    batch, rows = query.shape[:2]
    dqk, dv = query.shape[2] // heads, value.shape[2] // heads
    output = np.zeros((batch, rows, heads * dv))
    lse = np.full((batch, heads, rows), -np.inf)
    for b, h, i in np.ndindex(batch, heads, rows):
        keep = np.ones(key.shape[1], bool) if valid is None else valid[b, i]
        if not keep.any():
            continue
        k = key[b, keep, h * dqk : (h + 1) * dqk]
        v = value[b, keep, h * dv : (h + 1) * dv]
        scores = k @ query[b, i, h * dqk : (h + 1) * dqk] / math.sqrt(dqk)
        weights = np.exp(scores - scores.max())
        output[b, i, h * dv : (h + 1) * dv] = weights @ v / weights.sum()
        lse[b, h, i] = scores.max() + math.log(weights.sum())
    return output, lse


def operands(batch=2, rows=5, keys=33, heads=3, dqk=7, dv=4):
    return (
        3 * values("query", batch, rows, heads * dqk),
        3 * values("key", batch, keys, heads * dqk),
        values("value", batch, keys, heads * dv),
    )


def assert_close(actual, expected, tolerance=1e-13):
    np.testing.assert_allclose(actual, expected, rtol=tolerance, atol=tolerance)


class TestAttention:
    @pytest.mark.parametrize("tile", [1, 7, 1 << 22])
    def test_equals_naive_form(self, monkeypatch, tile):
        monkeypatch.setattr(ATTENTION, "_TILE_SCORES", tile)
        q, k, v = operands()
        mask = values("mask", 2, 5, 33) > 0
        for given, valid in (({}, None), ({"mask": mask}, mask)):
            output, lse = r.attention(q, k, v, heads=3, **given)
            expected, expected_lse = naive_attention(q, k, v, 3, valid)
            assert_close(output, expected)
            assert_close(lse, expected_lse)

    def test_batch_of_one_is_broadcast(self):
        q, k, v = operands()
        output, lse = r.attention(q[:1], k, v, heads=3)
        expected, expected_lse = r.attention(np.concatenate([q[:1], q[:1]]), k, v, heads=3)
        assert_close(output, expected)
        assert_close(lse, expected_lse)

    def test_scale_is_applied_to_scores(self):
        q, k, v = operands()
        output, _ = r.attention(q, k, v, heads=3, scale=0.25)
        expected, _ = r.attention(q * 0.25 * math.sqrt(7), k, v, heads=3)
        assert_close(output, expected)

    @pytest.mark.parametrize("masked_rows", ["zero", "uniform"])
    def test_masks_combine_and_equal_removing_keys(self, masked_rows):
        q, k, v = operands()
        key_mask = np.arange(33) % 3 > 0
        output, lse = r.attention(
            q,
            k,
            v,
            heads=3,
            key_mask=np.stack([key_mask, key_mask]),
            key_lengths=[20, 33],
            masked_rows=masked_rows,
        )
        for b, length in enumerate((20, 33)):
            keep = key_mask & (np.arange(33) < length)
            one = slice(b, b + 1)
            expected = r.attention(q[one], k[one][:, keep], v[one][:, keep], heads=3)
            assert_close(output[one], expected[0])
            assert_close(lse[one], expected[1])

    def test_zero_rule(self):
        q, k, v = operands()
        output, lse = r.attention(q, k, v, heads=3, key_lengths=[0, 33])
        assert (output[0] == 0).all() and np.isneginf(lse[0]).all()
        assert np.isfinite(lse[1]).all()
        query_mask = np.arange(5) < [[2], [5]]
        output, lse = r.attention(q, k, v, heads=3, query_mask=query_mask)
        assert (output[0, 2:] == 0).all() and np.isneginf(lse[0, :, 2:]).all()
        assert_close(output[query_mask], r.attention(q, k, v, heads=3)[0][query_mask])

    def test_zero_rule_leaves_the_output_bias(self):
        parameters = r.AttentionParameters(
            *(r.LinearParameters(values(name, 6, 6), values(f"{name}.b", 6)) for name in "qkvo"),
            heads=2,
        )
        x = values("x", 1, 9, 6)
        y, _ = r.multi_head_attention(x[:, :4], x, parameters, key_lengths=[0])
        assert_close(y, np.broadcast_to(values("o.b", 6), (1, 4, 6)))

    def test_uniform_rule(self):
        q, k, v = operands()
        output, lse = r.attention(q, k, v, heads=3, key_lengths=[0, 33], masked_rows="uniform")
        assert_close(output[0], np.broadcast_to(v[0].mean(axis=0), output[0].shape))
        assert (lse[0] == r.MASKED_SCORE + math.log(33)).all()

    def test_no_keys(self):
        q, k, v = operands(keys=0)
        output, lse = r.attention(q, k, v, heads=3)
        assert output.shape == (2, 5, 12) and (output == 0).all() and np.isneginf(lse).all()
        with pytest.raises(ValueError, match="at least one key"):
            r.attention(q, k, v, heads=3, masked_rows="uniform")

    def test_no_queries(self):
        q, k, v = operands(rows=0)
        output, lse = r.attention(q, k, v, heads=3)
        assert output.shape == (2, 0, 12) and lse.shape == (2, 3, 0)

    @pytest.mark.parametrize("poison", [np.nan, np.inf, -np.inf])
    @pytest.mark.parametrize("masked_rows", ["zero", "uniform"])
    @pytest.mark.parametrize("tile", [8, 1 << 22])
    def test_masked_garbage_never_leaks(self, monkeypatch, poison, masked_rows, tile):
        monkeypatch.setattr(ATTENTION, "_TILE_SCORES", tile)
        q, k, v = operands()
        mask = values("mask", 2, 5, 33) > 0
        mask[:, :, [0, 17, 32]] = False
        mask[0, 0, 17] = True  # this row alone sees key 17
        expected, expected_lse = r.attention(q, k, v, heads=3, mask=mask, masked_rows=masked_rows)
        for poisoned in ("key", "value"):
            keys, contents = k.copy(), v.copy()
            (keys if poisoned == "key" else contents)[:, [0, 17, 32]] = poison
            output, lse = r.attention(
                q, keys, contents, heads=3, mask=mask, masked_rows=masked_rows
            )
            output[0, 0], lse[0, :, 0] = expected[0, 0], expected_lse[0, :, 0]
            assert_close(output, expected)
            assert_close(lse, expected_lse)

    def test_unmasked_nan_is_seen(self):
        q, k, v = operands()
        v[0, 3, 0] = np.nan
        output, _ = r.attention(q, k, v, heads=3)
        assert np.isnan(output[0, :, 0]).all()
        assert np.isfinite(output[0, :, 1:]).all() and np.isfinite(output[1]).all()

    def test_uniform_row_averages_what_stands_there(self):
        q, k, v = operands()
        k[0], v[0, 3, 0] = np.nan, np.nan
        output, _ = r.attention(q, k, v, heads=3, key_lengths=[0, 33], masked_rows="uniform")
        assert np.isnan(output[0, :, 0]).all() and np.isfinite(output[0, :, 1:]).all()

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            ({"heads": 2}, "divisible by 2 heads"),
            ({"heads": 3, "masked_rows": "one"}, "zero or uniform"),
            ({"heads": 3, "key_mask": np.ones((2, 32))}, "key_mask of shape"),
            ({"heads": 3, "mask": np.ones((2, 33))}, "mask of shape"),
            ({"heads": 3, "key_lengths": [1, 34]}, "key lengths in 0..33"),
            ({"heads": 3, "key_lengths": [1]}, "key lengths in 0..33"),
        ],
    )
    def test_errors(self, arguments, message):
        with pytest.raises(ValueError, match=message):
            r.attention(*operands(), **arguments)

    def test_operand_errors(self):
        q, k, v = operands()
        with pytest.raises(ValueError, match="key channels"):
            r.attention(q[..., :12], k, v, heads=3)
        with pytest.raises(ValueError, match="33 values"):
            r.attention(q, k, v[:, :32], heads=3)
        with pytest.raises(ValueError, match="equal batches"):
            r.attention(q, np.repeat(k, 2, axis=0), v, heads=3)


class TestMerge:
    @pytest.mark.parametrize(
        ("splits", "masked_rows"),
        [
            *((splits, rule) for splits in ([1], [16], [5, 6, 30]) for rule in ("zero", "uniform")),
            ([0, 33], "zero"),  # parts without keys
        ],
    )
    def test_parts_equal_the_whole(self, splits, masked_rows):
        q, k, v = operands()
        mask = values("mask", 2, 5, 33) > 0
        mask[0, 1] = False  # no key at all
        mask[0, 2, 5:] = False  # some parts have none
        rule = {"heads": 3, "masked_rows": masked_rows}
        ends = [0, *splits, 33]
        ranges = [slice(a, b) for a, b in zip(ends[:-1], ends[1:], strict=True)]
        parts = [r.attention(q, k[:, s], v[:, s], mask=mask[:, :, s], **rule) for s in ranges]
        whole, whole_lse = r.attention(q, k, v, mask=mask, **rule)
        output, lse = r.merge_attention(parts, [s.stop - s.start for s in ranges])
        assert_close(output, whole)
        assert_close(lse, whole_lse)

    def test_a_part_without_weight_may_hold_nan(self):
        q, k, v = operands()
        v[:, 20:] = np.nan
        halves = [
            r.attention(q, k[:, s], v[:, s], heads=3, key_lengths=lengths, masked_rows="uniform")
            for s, lengths in ((slice(0, 20), [20, 20]), (slice(20, 33), [0, 0]))
        ]
        assert np.isnan(halves[1][0]).all()
        output, _ = r.merge_attention(halves)
        assert_close(output, halves[0][0])

    def test_uniform_rows_need_key_counts_if_parts_differ_in_size(self):
        q, k, v = operands(batch=1)
        rule = {"heads": 3, "key_lengths": [0], "masked_rows": "uniform"}
        parts = [r.attention(q, k[:, s], v[:, s], **rule) for s in (slice(0, 8), slice(8, 33))]
        assert (parts[0][1] == parts[1][1]).all()  # ln(8) and ln(25) are lost next to 3.4e38
        whole, _ = r.attention(q, k, v, **rule)
        assert np.abs(r.merge_attention(parts)[0] - whole).max() > 1e-3
        assert_close(r.merge_attention(parts, [8, 25])[0], whole)

    def test_nothing_to_merge(self):
        with pytest.raises(ValueError, match="at least one part"):
            r.merge_attention([])


class TestAttentionState:
    @pytest.mark.parametrize("masked_rows", ["zero", "uniform"])
    def test_parts_equal_the_whole(self, masked_rows):
        q, k, v = operands()
        valid = np.array([np.zeros(33, bool), np.arange(33) % 3 > 0])
        k[1, ~valid[1]] = np.nan
        v[1, ~valid[1]] = np.nan
        rule = {"heads": 3, "scale": 0.4}
        counts = r.key_mask(33, lengths=[33, 30], mask=valid, masked_rows=masked_rows)
        parts = [
            r.online_attention(q, k[:, s], v[:, s], mask=counts[:, s], **rule)
            for s in (slice(0, 8), slice(8, 33))
        ]
        output, lse = r.finish_attention(r.merge_states(parts))
        whole, whole_lse = r.attention(
            q, k, v, key_lengths=[33, 30], key_mask=valid, masked_rows=masked_rows, **rule
        )
        assert_close(output, whole)
        assert_close(lse, whole_lse)

    def test_heads_share_those_of_keys(self):
        q, k, v = operands(heads=4)
        k, v = k[:, :, :14], v[:, :, :8]  # of the first two heads
        order = [0, 0, 1, 1]
        by_head = [x.reshape(2, 33, 2, -1)[:, :, order].reshape(2, 33, -1) for x in (k, v)]
        expected, lse = naive_attention(q, *by_head, 4)
        output, shared_lse = r.attention(q, k, v, heads=4, kv_heads=2)
        assert_close(output, expected)
        assert_close(shared_lse, lse)
        state = r.online_attention(q, k, v, heads=4, scale=7**-0.5, kv_heads=2)
        assert_close(r.finish_attention(state)[0], expected)
        with pytest.raises(ValueError, match="heads shared by 4, but got 3"):
            r.attention(q, k, v, heads=4, kv_heads=3)

    def test_keys_add_to_their_scores(self):
        q, k, v = operands(heads=2)
        bias, scale = values("bias", 2, 2, 33), 8**-0.5
        output, lse = r.attention(q, k, v, heads=2, scale=scale, score_bias=bias)

        # The same as one more channel, which is 1 in queries.
        def widen(x, last):
            by_head = [x.reshape(*x.shape[:2], 2, -1), last[..., None]]
            return np.concatenate(by_head, axis=3).reshape(*x.shape[:2], -1)

        wide_q, wide_k = widen(q, np.ones((2, 5, 2))), widen(k, np.moveaxis(bias, 1, 2) / scale)
        expected, expected_lse = naive_attention(wide_q, wide_k, v, 2)
        assert_close(output, expected)
        assert_close(lse, expected_lse)
        state = r.online_attention(q, k, v, heads=2, scale=scale, score_bias=bias)
        assert_close(r.finish_attention(state)[1], lse)

    def test_maxima_are_integers_not_below_the_scores(self):
        q, k, v = operands(heads=1)
        state = r.online_attention(q, k, v, heads=1, scale=1.0)
        scores = np.einsum("bic,bjc->bij", q, k) / math.log(2)
        np.testing.assert_array_equal(state.maximum[:, 0], np.ceil(scores.max(axis=2)))

    def test_counts_of_keys(self):
        mask = np.array([[True, False, True], [False, False, True]])
        np.testing.assert_array_equal(r.key_mask(3, lengths=[2, -1]), [[1, 1, 0], [0, 0, 0]])
        np.testing.assert_array_equal(
            r.key_mask(3, lengths=[9, 2], mask=mask, masked_rows="uniform"),
            [[1, 0, 1], [2, 2, 2]],
        )


class TestGroupedLinear:
    def test_each_group_has_its_matrix(self):
        x, weight, bias = values("x", 2, 3, 6), values("weight", 2, 12), values("bias", 12)
        y = r.grouped_linear(x, r.LinearParameters(weight, bias), 3)
        for g in range(3):
            of_group = r.LinearParameters(weight[:, 4 * g : 4 * g + 4], bias[4 * g : 4 * g + 4])
            assert_close(y[..., 4 * g : 4 * g + 4], r.linear(x[..., 2 * g : 2 * g + 2], of_group))
        with pytest.raises(ValueError, match="expected 4 groups"):
            r.grouped_linear(x, r.LinearParameters(weight), 4)


class TestObserver:
    def test_entropy_of_uniform_attention(self):
        _, k, v = operands()
        seen = []
        with r.observe_attention(lambda entropy, keys: seen.append((entropy, keys))):
            r.attention(np.zeros((2, 5, 21)), k, v, heads=3)
        r.attention(np.zeros((2, 5, 21)), k, v, heads=3)  # not observed
        [(entropy, keys)] = seen
        assert keys == 33
        assert_close(entropy, np.full((2, 3, 5), math.log(33)))

    def test_entropy_of_any_attention(self, monkeypatch):
        monkeypatch.setattr(ATTENTION, "_TILE_SCORES", 40)
        q, k, v = operands(batch=1, heads=1)
        seen = []
        with r.observe_attention(lambda entropy, _: seen.append(entropy)):
            r.attention(q, k, v)
        scores = q[0] @ k[0].T / math.sqrt(7)
        weights = np.exp(scores - scores.max(axis=1, keepdims=True))
        weights /= weights.sum(axis=1, keepdims=True)
        assert_close(seen[0][0, 0], -(weights * np.log(weights)).sum(axis=1), 1e-12)


class TestPointwise:
    def test_erf(self):
        x = np.concatenate([np.linspace(-7, 7, 20_001), 10.0 ** -np.arange(0, 300, 7)])
        expected = np.array([math.erf(value) for value in x])
        np.testing.assert_allclose(r.erf(x), expected, rtol=4e-16, atol=0)
        assert np.isnan(r.erf(np.array([np.nan, 1.0]))[0])
        np.testing.assert_array_equal(r.erf(np.array([np.inf, -np.inf, 0.0])), [1, -1, 0])
        assert r.erf(np.zeros((2, 0))).shape == (2, 0)

    def test_gates_come_last(self):
        x = values("x", 3, 8)
        geglu = r.activation("gated(gelu_erf)")
        assert_close(geglu(x), x[:, :4] * r.gelu_erf(x[:, 4:]))
        with pytest.raises(ValueError, match="even last axis"):
            geglu(values("x", 3, 7))

    @pytest.mark.parametrize("name", r.ACTIVATIONS)
    def test_activations(self, name):
        x = np.linspace(-30, 30, 61)
        decay = np.exp(-x)
        expected = {
            "none": x,
            "gelu_erf": [0.5 * t * math.erfc(-t / math.sqrt(2)) for t in x],
            "gelu_tanh": 0.5 * x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))),
            "quick_gelu": x / (1 + np.exp(-1.702 * x)),
            "relu": x * (x > 0),
            "relu_squared": x * x * (x > 0),
            "silu": x / (1 + decay),
            "sigmoid": 1 / (1 + decay),
            "tanh": 2 / (1 + decay**2) - 1,
            "leaky_relu": np.where(x < 0, x / 100, x),
            "mish": x * np.tanh(np.log1p(1 / decay)),
        }
        np.testing.assert_allclose(r.activation(name)(x), expected[name], rtol=1e-13, atol=1e-15)
        limits = r.activation(name)(np.array([-np.inf, np.inf, np.nan]))
        assert not np.isnan(limits[:2]).any()
        assert np.isnan(limits[2])

    @pytest.mark.parametrize(
        ("activation", "expected"),
        [("relu", [0.0, 0.0, 0.5, 3.0, np.nan]), ("relu_squared", [0.0, 0.0, 0.25, 9.0, np.nan])],
    )
    def test_relu(self, activation, expected):
        x = np.array([-2.0, 0.0, 0.5, 3.0, np.nan])
        np.testing.assert_array_equal(getattr(r, activation)(x), expected)
        layer = r.LinearParameters(np.eye(1))
        mlp = r.MlpParameters(layer, layer, activation)
        np.testing.assert_array_equal(r.mlp(x[:, None], mlp)[:, 0], expected)

    def test_unknown_activation(self):
        layer = r.LinearParameters(np.eye(2))
        with pytest.raises(ValueError, match="activation among"):
            r.mlp(np.zeros((1, 2)), r.MlpParameters(layer, layer, "swish"))


class TestNorms:
    def test_layer_norm(self):
        x = 5 + 3 * values("x", 4, 7)
        y = r.layer_norm(x)
        assert_close(y.mean(axis=-1), np.zeros(4))
        variance = np.var(x, axis=-1)
        assert_close(np.var(y, axis=-1), variance / (variance + 1e-5))
        weight, bias = values("w", 7), values("b", 7)
        assert_close(r.layer_norm(x, weight, bias), weight * y + bias)
        assert (r.layer_norm(np.full((2, 7), 3.0)) == 0).all()
        with pytest.raises(ValueError, match="weight of shape"):
            r.layer_norm(x, weight[:6])

    def test_batch_norm(self):
        x = values("x", 2, 3, 3, 5)
        mean, variance = values("m", 5), 1 + 0.5 * values("v", 5)
        weight, bias = values("w", 5), values("b", 5)
        expected = (x - mean) * weight / np.sqrt(variance + 1e-5) + bias
        assert_close(r.batch_norm(x, weight, bias, mean, variance), expected)

    def test_linear_refuses_a_wrong_width(self):
        with pytest.raises(ValueError, match="expected 3 channels, but got 4"):
            r.linear(np.zeros((2, 4)), r.LinearParameters(np.zeros((3, 5))))


class TestPositions:
    @pytest.mark.parametrize("recipe", ["torch_f32", "jax_f32", "exact"])
    @pytest.mark.parametrize("count", [2, 3, 7, 224, 1920])
    def test_linspace(self, recipe, count):
        x = r.linspace(-1, 1, count, recipe)
        assert x[0] == -1 and x[-1] == 1
        exact = np.linspace(-1, 1, count)
        np.testing.assert_allclose(x, exact, rtol=0, atol=3e-16 if recipe == "exact" else 1.2e-7)
        if recipe != "exact":
            np.testing.assert_array_equal(x, x.astype(np.float32))

    def test_torch_linspace_is_symmetric(self):
        x = r.linspace(-1, 1, 224, "torch_f32")
        np.testing.assert_array_equal(x, -x[::-1])

    def test_recipes_differ(self):
        tables = [r.linspace(-1, 1, 224, recipe) for recipe in ("torch_f32", "jax_f32", "exact")]
        assert (tables[0] != tables[1]).any() and (tables[0] != tables[2]).any()

    def test_one_point(self):
        for recipe in ("torch_f32", "jax_f32", "exact"):
            assert r.linspace(-1, 1, 1, recipe) == [-1]
        with pytest.raises(ValueError, match="recipe among"):
            r.linspace(-1, 1, 3, "float16")
        with pytest.raises(ValueError, match="at least one value"):
            r.linspace(-1, 1, 0, "exact")

    @pytest.mark.parametrize(
        ("dims", "bands", "resolution", "worst"),
        [((224,), 64, (224,), 7e-5), ((496,), 64, (496,), 2e-4), ((1920,), 192, (30720,), 1e-2)],
    )
    def test_float32_recipes_stray_from_exact_tables_by_a_known_amount(
        self, dims, bands, resolution, worst
    ):
        exact = r.fourier_positions(dims, bands, resolution, recipe="exact")
        for recipe in ("torch_f32", "jax_f32"):
            table = r.fourier_positions(dims, bands, resolution, recipe=recipe)
            assert worst / 5 < np.abs(table - exact).max() < worst
            np.testing.assert_array_equal(table, table.astype(np.float32))

    def test_layouts_hold_the_same_columns(self):
        dm = r.fourier_positions((3, 5), 2, (6, 6))
        axis_major = r.fourier_positions((3, 5), 2, (6, 6), layout="axis_major")
        order = [2, 3, 6, 7, 0, 4, 5, 8, 9, 1]
        np.testing.assert_array_equal(axis_major, dm[:, order])

    def test_parts_of_the_table(self):
        whole = r.fourier_positions((3, 5), 2, (6, 8))
        np.testing.assert_array_equal(
            r.fourier_positions((3, 5), 2, (6, 8), concat_pos=False), whole[:, 2:]
        )
        np.testing.assert_array_equal(
            r.fourier_positions((3, 5), 2, (6, 8), sine_only=True), whole[:, :6]
        )
        np.testing.assert_array_equal(
            r.fourier_positions((3, 5), 2), r.fourier_positions((3, 5), 2, (3, 5))
        )

    @pytest.mark.parametrize("layout", ["dm", "axis_major"])
    def test_tables_of_axes_make_the_grid(self, layout):
        tables = [r.fourier_positions((n,), 2, (m,)) for n, m in ((3, 6), (5, 8), (2, 7))]
        grid = r.fourier_positions((3, 5, 2), 2, (6, 8, 7), layout=layout)
        np.testing.assert_array_equal(r.join_axis_tables(tables, layout), grid)
        np.testing.assert_array_equal(r.join_axis_tables(tables, layout, 7, 4), grid[7:11])

    def test_subsampled_positions_are_not_grid_positions(self):
        subsampled = r.subsampled_positions(np.arange(15), (3, 5))
        assert (subsampled[0] == -1).all() and subsampled.max() < 1
        assert np.abs(subsampled - r.grid_positions((3, 5))).max() > 0.1
        with pytest.raises(IndexError, match=r"indices in 0\.\.14"):
            r.subsampled_positions(np.array([15]), (3, 5))

    def test_trainable_positions(self):
        table = values("table", 5, 3)
        np.testing.assert_array_equal(r.trainable_positions(table, 2), np.stack([table, table]))

    def test_errors(self):
        with pytest.raises(ValueError, match="layout among"):
            r.fourier_positions((3, 5), 2, layout="interleaved")
        with pytest.raises(ValueError, match="2 maximum resolutions"):
            r.fourier_positions((3, 5), 2, (6,))


class TestRows:
    def test_concatenation_broadcasts_what_has_no_batch(self):
        x, y = values("x", 2, 5, 3), values("y", 5, 4)
        z = r.concat_channels([x, y])
        np.testing.assert_array_equal(z[..., :3], x)
        np.testing.assert_array_equal(z[..., 3:], np.stack([y, y]))

    def test_channels_last(self):
        x = values("x", 2, 3, 4, 5)
        np.testing.assert_array_equal(r.channels_last(x)[:, 7], x[:, :, 1, 2])

    def test_mean_rows(self):
        x = values("x", 2, 5, 3)
        assert_close(r.mean_rows(x), sum(x[:, i : i + 1] for i in range(5)) / 5)

    def test_masked_means(self):
        x = values("x", 3, 5, 3)
        mask = np.array([[1, 0, 1, 0, 0], [0, 0, 0, 0, 1], [0, 0, 0, 0, 0]], bool)
        x[~mask] = np.nan
        mean = r.mean_rows(x, mask)[:, 0]
        assert_close(mean, np.stack([(x[0, 0] + x[0, 2]) / 2, x[1, 4], np.zeros(3)]))

    def test_masks_of_numbers(self):
        numbers = np.array([[0.0, -0.0, 1e-40, np.nan]])
        np.testing.assert_array_equal(r.to_mask(numbers), [[False, False, True, True]])
        np.testing.assert_array_equal(r.to_mask(numbers, inverted=True), ~r.to_mask(numbers))

    def test_masked_rows(self):
        x, mask = values("x", 2, 3, 4), np.array([[1, 0, 1], [0, 0, 1]], bool)
        y = r.mask_rows(x, mask, -1)
        np.testing.assert_array_equal(y[mask], x[mask])
        assert (y[~mask] == -1).all()
        transposed = r.mask_rows(x.swapaxes(1, 2), mask, -1, dimension=2)
        np.testing.assert_array_equal(transposed, y.swapaxes(1, 2))


class TestStoredWeights:
    def test_scale_rows(self):
        x, factors = values("x", 3, 4), values("f", 3)
        assert_close(r.scale_rows(x, factors), np.diag(factors) @ x)

    def test_panels_hold_columns_and_zeros(self):
        x = np.arange(10.0).reshape(2, 5)
        panels = r.pack_panels(x, 2, 3)
        assert panels.shape == (3, 2, 3)
        np.testing.assert_array_equal(panels[:, 1], [[5, 6, 0], [7, 8, 0], [9, 0, 0]])

    def test_gated_panels_hold_both_halves(self):
        panels = r.pack_panels(np.arange(1, 7), 2, 6, gated=True)
        np.testing.assert_array_equal(panels, [[1, 2, 0, 4, 5, 0], [3, 0, 0, 6, 0, 0]])

    def test_groups_are_padded_apart(self):
        x = np.arange(1, 9).reshape(2, 4)
        padded = r.pad_weight(x, [1, 2], [3, 6])
        np.testing.assert_array_equal(padded, [[1, 2, 0, 3, 4, 0], [5, 6, 0, 7, 8, 0], [0] * 6])


class TestPatches:
    def test_space_to_depth_of_an_image(self):
        x = np.arange(2 * 4 * 6 * 3).reshape(2, 4, 6, 3)
        y = r.space_to_depth(x, 2)
        assert y.shape == (2, 2, 3, 12)
        for dh, dw, c in np.ndindex(2, 2, 3):
            np.testing.assert_array_equal(y[..., (dh * 2 + dw) * 3 + c], x[:, dh::2, dw::2, c])

    def test_space_to_depth_of_a_video(self):
        x = np.arange(1 * 4 * 4 * 4 * 2).reshape(1, 4, 4, 4, 2)
        y = r.space_to_depth(x, 2, 2)
        assert y.shape == (1, 2, 2, 2, 16)
        np.testing.assert_array_equal(y[..., 8 + 4 + 2 + 1], x[:, 1::2, 1::2, 1::2, 1])
        assert r.space_to_depth(x, 1, 4).shape == (1, 4, 4, 8)  # one frame loses its axis

    def test_space_to_depth_errors(self):
        with pytest.raises(ValueError, match="divisible"):
            r.space_to_depth(np.zeros((1, 5, 4, 3)), 2)
        with pytest.raises(ValueError, match="4 or 5 axes"):
            r.space_to_depth(np.zeros((5, 4, 3)), 1)

    def test_neighbourhoods(self):
        x = values("x", 1, 4, 5, 2)
        y = r.neighbourhood_patches(x)
        assert y.shape == (1, 4, 5, 18)
        np.testing.assert_array_equal(y[..., 8:10], x)
        np.testing.assert_array_equal(y[:, 1:, 1:, :2], x[:, :-1, :-1])
        assert (y[:, 0, :, :6] == 0).all()


class TestConvolution:
    @pytest.mark.parametrize(("size", "expected"), [(224, (2, 3)), (7, (3, 3)), (8, (2, 3))])
    def test_same_padding(self, size, expected):
        assert r.same_padding(size, 7, 2) == expected

    def test_pool_padding_at_112(self):
        assert r.same_padding(112, 3, 2) == (0, 1)

    def test_conv2d_one_pixel_at_a_time(self):
        x, kernel, bias = values("x", 2, 6, 7, 3), values("k", 4, 3, 3, 2), values("b", 4)
        y = r.conv2d(x, kernel, bias, stride=2, padding=((1, 0), (0, 2)))
        padded = np.pad(x, ((0, 0), (1, 0), (0, 2), (0, 0)))
        assert y.shape == (2, 3, 4, 4)
        for b, i, j, o in np.ndindex(y.shape):
            window = padded[b, 2 * i : 2 * i + 3, 2 * j : 2 * j + 2].transpose(2, 0, 1)
            assert_close(y[b, i, j, o], (window * kernel[o]).sum() + bias[o])

    def test_max_pool_ignores_padding(self):
        x = -1 - np.abs(values("x", 1, 5, 5, 2))
        y = r.max_pool2d(x, 3, 2, ((1, 1), (1, 1)))
        assert y.shape == (1, 3, 3, 2)
        assert_close(y[0, 0, 0], x[0, :2, :2].max(axis=(0, 1)))


class TestEmbedding:
    def test_rows_and_errors(self):
        table = values("table", 5, 3)
        np.testing.assert_array_equal(r.embedding(table, np.array([[4, 0]])), table[[[4, 0]]])
        for ids in ([5], [-1], [0.0]):
            with pytest.raises(IndexError):
                r.embedding(table, np.array(ids))


class TestHeads:
    def test_mean_pool_projects_the_mean(self):
        x, final = values("x", 2, 5, 3), r.LinearParameters(values("w", 3, 4), values("b", 4))
        assert_close(r.mean_pool(x, final), r.linear(x, final).mean(axis=1))

    def test_tanh_classifier(self):
        row, hidden, bias, final = (
            values(name, *shape)
            for name, shape in (("row", (2, 3)), ("hidden", (3, 4)), ("b", (4,)), ("final", (4, 5)))
        )
        layers = (r.LinearParameters(hidden, bias), r.LinearParameters(final))
        expected = np.tanh(row @ hidden + bias) @ final
        assert_close(r.tanh_classifier(row, *layers), expected)

    def test_audio_samples(self):
        final = r.LinearParameters(np.eye(4))
        x = values("x", 2, 3, 4)
        np.testing.assert_array_equal(r.audio_samples(x, final), x.reshape(2, 12))


class TestRelativeErrors:
    def test_are_those_of_each_row(self):
        expected = np.array([[3.0, 4.0], [0.6, 0.8]])
        actual = (expected + np.array([[0.5, 0.0], [0.0, 0.5]])).astype(np.float32)
        np.testing.assert_allclose(r.relative_errors(actual, expected), [0.1, 0.5], rtol=1e-6)
        # A row of two elements of 1 is sqrt(2) long.
        errors = r.relative_errors(actual, expected, least=1.0)
        np.testing.assert_allclose(errors, [0.1, 0.5 / np.sqrt(2)], rtol=1e-6)

    def test_shapes_have_to_agree(self):
        with pytest.raises(ValueError, match=r"expected shape \(2, 3\), but got \(1, 3\)"):
            r.relative_errors(np.ones((1, 3)), np.ones((2, 3)))
