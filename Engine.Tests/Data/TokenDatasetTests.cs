using System;
using System.Collections.Generic;
using System.Linq;
using Engine.Kernels;
using Engine.Models;
using Xunit;

namespace Engine.Tests;

public sealed class TokenDatasetTests
{
    [Fact]
    public void Fill_Classification_CopiesTheRows()
    {
        using ScratchFolder folder = new();
        using HostTensor ids = HostTensor.Of<long>(DType.I64, new Shape(2, 3), 1, 2, 3, 4, 5, 6);
        using HostTensor mask = HostTensor.Of<byte>(DType.Bool, new Shape(2, 3), 1, 1, 0, 1, 1, 1);
        using HostTensor labels = HostTensor.Of<int>(DType.I32, new Shape(2), 0, 1);
        TokenDataset dataset = Load(folder, 7, 2, ("input_ids", ids), ("attention_mask", mask), ("labels", labels));
        Batch batch = dataset.CreateBatch(3);
        dataset.Fill(batch, [1, 0]);
        Assert.Equal((2, 3, 1), (batch.Count, batch.Tokens, batch.LabelsPerExample));
        Assert.Equal([4, 5, 6, 1, 2, 3, 0, 0, 0], batch.InputIds);
        Assert.Equal([1, 1, 1, 1, 1, 0, 0, 0, 0], batch.AttentionMask.Select(static value => (int)value));
        Assert.Equal([1, 0, 0], batch.Labels);
        int[] order = [0, 1, 1];
        AllocationAssert.None(() => dataset.Fill(batch, order));
    }

    [Fact]
    public void Fill_Regression_CopiesTargets()
    {
        using ScratchFolder folder = new();
        using HostTensor ids = HostTensor.Of<int>(DType.I32, new Shape(2, 1), 1, 2);
        using HostTensor labels = HostTensor.Of<double>(DType.F64, new Shape(2), 0.5, -2);
        TokenDataset dataset = Load(folder, 7, 1, ("input_ids", ids), ("labels", labels));
        Batch batch = dataset.CreateBatch(2);
        dataset.Fill(batch, [1, 0]);
        Assert.Equal([-2, 0.5f], batch.Targets);
        Assert.Equal([1, 1], batch.AttentionMask.Select(static value => (int)value));
    }

    [Fact]
    public void Fill_LanguageModelling_LabelsAreTheTokensThatCount()
    {
        using ScratchFolder folder = new();
        using HostTensor ids = HostTensor.Of<int>(DType.I32, new Shape(1, 3), 1, 2, 0);
        using HostTensor mask = HostTensor.Of<long>(DType.I64, new Shape(1, 3), 1, 1, 0);
        using HostTensor labels = HostTensor.Of<long>(DType.I64, new Shape(1, 3), -100, 2, -100);
        Batch batch = Batch.ForTokens(1, 3, labelPerToken: true);
        Load(folder, 7, 0, ("input_ids", ids), ("attention_mask", mask)).Fill(batch, [0]);
        Assert.Equal([1, 2, -100], batch.Labels);
        TokenDataset given = Load(folder, 7, 0, ("input_ids", ids), ("labels", labels));
        given.Fill(batch, [0]);
        Assert.Equal([-100, 2, -100], batch.Labels);
        Assert.Throws<ArgumentException>(() => given.Fill(Batch.ForTokens(1, 3), [0]));
    }

    public static TheoryData<string, string> Broken() => new()
    {
        { "empty", "'input_ids': the data set is empty: [0, 3]" },
        { "rank", "'input_ids': expected [examples, tokens]" },
        { "id", "'input_ids': 7 in example 1 is out of range, expected 0 to 6" },
        { "float ids", "'input_ids': expected an integer dtype, found F32" },
        { "mask", "'attention_mask': 2 in example 0 is out of range" },
        { "mask shape", "'attention_mask': expected [2, 3], found [3, 2]" },
        { "label", "'labels': 2 in example 1 is out of range, expected 0 to 1" },
        { "ignored class", "'labels': -100 in example 0 is out of range" },
        { "label shape", "'labels': expected [2], found [1]" },
        { "no labels", "'labels': missing" },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void Load_Broken_NamesFileTensorAndProblem(string what, string problem)
    {
        using ScratchFolder folder = new();
        using HostTensor ids = what switch
        {
            "empty" => HostTensor.Of<int>(DType.I32, new Shape(0, 3)),
            "rank" => HostTensor.Of<int>(DType.I32, new Shape(3), 1, 2, 3),
            "id" => HostTensor.Of<int>(DType.I32, new Shape(2, 3), 1, 2, 3, 4, 5, 7),
            "float ids" => HostTensor.Of<float>(DType.F32, new Shape(2, 3), 1, 2, 3, 4, 5, 6),
            _ => HostTensor.Of<int>(DType.I32, new Shape(2, 3), 1, 2, 3, 4, 5, 6),
        };
        using HostTensor mask = what switch
        {
            "mask" => HostTensor.Of<byte>(DType.U8, new Shape(2, 3), 1, 2, 1, 1, 1, 1),
            "mask shape" => HostTensor.Of<byte>(DType.U8, new Shape(3, 2), 1, 1, 1, 1, 1, 1),
            _ => HostTensor.Of<byte>(DType.U8, new Shape(2, 3), 1, 1, 1, 1, 1, 1),
        };
        using HostTensor labels = what switch
        {
            "label" => HostTensor.Of<int>(DType.I32, new Shape(2), 0, 2),
            "ignored class" => HostTensor.Of<int>(DType.I32, new Shape(2), -100, 1),
            "label shape" => HostTensor.Of<int>(DType.I32, new Shape(1), 0),
            _ => HostTensor.Of<int>(DType.I32, new Shape(2), 0, 1),
        };
        List<(string, HostTensor)> tensors = [("input_ids", ids), ("attention_mask", mask)];
        if (what != "no labels")
        {
            tensors.Add(("labels", labels));
        }

        DataException error = Assert.Throws<DataException>(() => Load(folder, 7, 2, [.. tensors]));
        Assert.StartsWith(folder.File("tokens.safetensors") + ": tensor ", error.Message, StringComparison.Ordinal);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    private static TokenDataset Load(ScratchFolder folder, int vocabSize, int classCount, params (string Name, HostTensor Tensor)[] tensors)
    {
        string path = folder.File("tokens.safetensors");
        SafetensorsWriter.Write(path, [.. tensors.Select(static item => new TensorToWrite(item.Name, item.Tensor.Ref))]);
        return TokenDataset.Load("tokens", path, vocabSize, classCount);
    }
}
