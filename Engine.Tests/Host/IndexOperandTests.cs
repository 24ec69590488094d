using System;
using Engine.Kernels;
using Engine.Kernels.Host;
using Xunit;

namespace Engine.Tests;

/// <summary>Indices address memory: a wrong one is refused with its place, not followed.</summary>
public sealed class IndexOperandTests : IDisposable
{
    private readonly HostBackend _backend = new(threads: 1);
    private readonly Arena _arena;
    private readonly TensorRef _rows;
    private readonly TensorRef _indices;

    public IndexOperandTests()
    {
        _arena = _backend.CreateArena("test", 4096);
        _rows = _arena.Allocate("rows", DType.F32, new Shape(3, 5));
        _indices = _arena.Allocate("indices", DType.I32, new Shape(3));
    }

    public void Dispose()
    {
        _arena.Dispose();
        _backend.Dispose();
    }

    [Theory]
    [InlineData(3)]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    [InlineData(CrossEntropyArgs.IgnoreLabel)]
    public void GatherRows_IndexOutside_NamesValueAndRange(int wrong)
    {
        _backend.Upload<int>([0, wrong, 2], _indices);
        OperandException e = Assert.Throws<OperandException>(() => _backend.GatherRows(_rows, _indices, _rows));
        Assert.Contains($"holds {wrong} at element 1, expected 0 to 2", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(-1)]
    public void CrossEntropy_LabelOutside_Throws(int wrong)
    {
        _backend.Upload<int>([0, CrossEntropyArgs.IgnoreLabel, wrong], _indices);
        TensorRef losses = _arena.Allocate("losses", DType.F32, new Shape(3));
        Assert.Throws<OperandException>(() => _backend.CrossEntropy(new CrossEntropyArgs { Logits = _rows, Labels = _indices, Losses = losses }));
    }

    [Fact]
    public void EmbedTokens_UnknownToken_Throws()
    {
        _backend.Upload<int>([0, 1, 3], _indices);
        TensorRef output = _arena.Allocate("output", DType.F32, new Shape(3, 5));
        Assert.Throws<OperandException>(() => _backend.EmbedTokens(_indices.Reshape(new Shape(1, 3)), _rows, _rows, 0, output));
    }
}
