using System;
using System.Linq;
using Engine.Fusion;
using Xunit;

namespace Engine.Tests;

public sealed class RouterInitializationTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Fill_Reference_RoutesToLambdaWithinNoise(int layers)
    {
        RouterBlock block = Blocks(layers == 1 ? RouterArchitecture.OneLayer(8) : RouterArchitecture.TwoLayers(8));
        float[] parameters = new float[block.ParameterCount];
        RouterInitialization.Reference(0.3).Fill(block, 1, parameters);
        float[] routing = new float[block.RoutingCount];
        block.Forward(parameters, [0.5f, 0.1f, 0.1f, 0.1f, 0.05f, 0.05f, 0.05f, 0.05f], routing);
        Assert.All(routing, weight => Assert.Equal(0.3, weight, 0.05));
        Assert.Empty(block.ConstantGroups(parameters));
    }

    [Fact]
    public void Fill_Wide_HasTheDeviationsOfItsLayers()
    {
        RouterBlock block = Blocks(RouterArchitecture.TwoLayers(8));
        float[] parameters = new float[block.ParameterCount];
        RouterInitialization.Wide(0.6).Fill(block, 5, parameters);
        Assert.Equal(1, Deviation("gate.0.weight"), 0.1);
        Assert.Equal(0.01, Deviation("gate.2.weight"), 0.001);
        Assert.Equal(0, Deviation("gate.0.bias"));
        Assert.All(Read("gate.2.bias"), bias => Assert.Equal(0.6f, bias));

        double Deviation(string name) => Math.Sqrt(Read(name).Average(value => (double)value * value));

        float[] Read(string name) => [.. block.Tensors.Where(t => t.Name.EndsWith(name, StringComparison.Ordinal))
            .SelectMany(t => parameters.AsSpan(t.Offset, (int)t.Shape.ElementCount).ToArray())];
    }

    [Fact]
    public void Fill_ResidualByRow_StartsExactlyAtTheSoup()
    {
        RouterBlock block = Blocks(RouterArchitecture.ResidualByRow(2, 7));
        float[] parameters = new float[block.ParameterCount];
        RouterInitialization.ResidualByRow.Fill(block, 1, parameters);
        float[] routing = new float[block.RoutingCount];
        block.Forward(parameters, [0.25f, 0.75f], routing);
        Assert.All(Enumerable.Range(0, routing.Length), k => Assert.Equal(k % 2 == 0 ? 0.25f : 0.75f, routing[k]));
    }

    [Fact]
    public void Fill_OtherOrderOrOtherGroups_DrawsTheSameForAGroup()
    {
        RouterArchitecture architecture = RouterArchitecture.TwoLayers(2);
        RouterBlock both = new([("a", architecture), ("b", architecture)]);
        RouterBlock alone = new([("b", architecture)]);
        float[] parametersOfBoth = new float[both.ParameterCount];
        float[] parametersAlone = new float[alone.ParameterCount];
        RouterInitialization.Wide(0.3).Fill(both, 9, parametersOfBoth);
        RouterInitialization.Wide(0.3).Fill(alone, 9, parametersAlone);
        Assert.Equal(parametersAlone, parametersOfBoth[both.Slots[1].ParameterOffset..]);
        Assert.NotEqual(parametersAlone, parametersOfBoth[..both.Slots[1].ParameterOffset]);
        RouterInitialization.Wide(0.3).Fill(alone, 10, parametersAlone);
        Assert.NotEqual(parametersAlone, parametersOfBoth[both.Slots[1].ParameterOffset..]);
    }

    [Fact]
    public void Named_FnvOffsetBasisAndKnownHash_AreTheStreams()
    {
        Assert.Equal(0xCBF29CE484222325, RandomStream.Named(1, string.Empty).Stream);
        Assert.Equal(0xAF63DC4C8601EC8C, RandomStream.Named(1, "a").Stream);
    }

    private static RouterBlock Blocks(RouterArchitecture architecture) =>
        new([.. Enumerable.Range(0, 12).Select(i => ($"h.{i}.mlp", architecture))]);
}
