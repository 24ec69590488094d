using System;
using System.Linq;
using Engine.Fusion;
using Xunit;

namespace Engine.Tests;

public sealed class RouterBlockTests
{
    [Theory]
    [InlineData(12, 2, 264)]
    [InlineData(12, 3, 540)]
    [InlineData(12, 7, 2604)]
    [InlineData(12, 8, 3360)]
    [InlineData(24, 8, 6720)]
    public void ParameterCount_OneRouterPerBlock_MatchesThePaper(int blocks, int tasks, int expected)
    {
        RouterBlock block = new([.. Enumerable.Range(0, blocks).Select(i => ($"h.{i}.mlp", RouterArchitecture.TwoLayers(tasks)))]);
        Assert.Equal(expected, block.ParameterCount);
        Assert.Equal(blocks * tasks, block.RoutingCount);
    }

    [Fact]
    public void Members_MixedGroups_EqualEachRouterOnItsSlices()
    {
        RouterBlock block = Mixed();
        Random random = new(3);
        float[] parameters = Draw(random, block.ParameterCount);
        float[] preference = [0.25f, 0.75f];
        float[] gradients = Draw(random, 2 * block.RoutingCount);
        float[] routing = new float[block.RoutingCount];
        float[] parameterGradient = new float[block.ParameterCount];
        double[] gram = [9, 9, 9, 9];
        block.Forward(parameters, preference, routing);
        block.Backward(parameters, preference, gradients.AsSpan(0, block.RoutingCount), parameterGradient);
        block.Gram(parameters, preference, gradients, 2, gram);

        double[] expectedGram = new double[4];
        foreach (RouterSlot slot in block.Slots)
        {
            Router router = slot.Router;
            float[] own = parameters.AsSpan(slot.ParameterOffset, router.ParameterCount).ToArray();
            float[] expectedRouting = new float[router.RoutingCount];
            float[] expectedGradient = new float[router.ParameterCount];
            float[][] g = [.. Enumerable.Range(0, 2).Select(t =>
                gradients.AsSpan((t * block.RoutingCount) + slot.RoutingOffset, router.RoutingCount).ToArray())];
            router.Forward(own, preference, expectedRouting);
            router.Backward(own, preference, g[0], expectedGradient);
            Assert.Equal(expectedRouting, routing.AsSpan(slot.RoutingOffset, router.RoutingCount).ToArray());
            Assert.Equal(expectedGradient, parameterGradient.AsSpan(slot.ParameterOffset, router.ParameterCount).ToArray());
            for (int k = 0; k < 4; k++)
            {
                expectedGram[k] += router.GramEntry(own, preference, g[k / 2], g[k % 2]);
            }
        }

        for (int k = 0; k < 4; k++)
        {
            Assert.Equal(expectedGram[k], gram[k], 1e-12);
        }
    }

    [Fact]
    public void Tensors_MixedGroups_ArePrefixedAndWithoutGaps()
    {
        RouterBlock block = Mixed();
        int next = 0;
        foreach (RouterTensor tensor in block.Tensors)
        {
            Assert.Equal(next, tensor.Offset);
            next += (int)tensor.Shape.ElementCount;
        }

        Assert.Equal(block.ParameterCount, next);
        Assert.Equal("b.gate.2.weight", block.Tensors[4].Name);
    }

    [Fact]
    public void ConstantGroups_OneRouterZero_NamesIt()
    {
        RouterBlock block = Mixed();
        float[] parameters = Draw(new Random(5), block.ParameterCount);
        parameters.AsSpan(block.Slots[1].ParameterOffset, block.Slots[1].Router.ParameterCount).Clear();
        Assert.Equal(["b"], block.ConstantGroups(parameters));
    }

    [Fact]
    public void Constructor_InconsistentGroups_Throws()
    {
        Assert.Throws<ArgumentException>(() => new RouterBlock([]));
        RouterArchitecture pair = RouterArchitecture.OneLayer(2);
        Assert.Throws<ArgumentException>(() => new RouterBlock([("a", pair), ("a", pair)]));
        Assert.Throws<ArgumentException>(() => new RouterBlock([("a", pair), ("b", RouterArchitecture.OneLayer(3))]));
    }

    private static RouterBlock Mixed() => new(
    [
        ("a", RouterArchitecture.OneLayer(2)),
        ("b", RouterArchitecture.TwoLayers(2)),
        ("c", RouterArchitecture.ResidualByRow(2, 5)),
    ]);

    private static float[] Draw(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() + 0.1f)];
}
