using System;
using System.Linq;
using Engine.Fusion;
using Engine.Kernels;
using Engine.Models;
using Xunit;

namespace Engine.Tests;

/// <summary>Base and experts on a device: all at once, or a parameter at a time where memory is short.</summary>
[Collection(DeviceCollection.Name)]
[Trait("Category", "Device")]
public sealed class DeviceMembersTests(DeviceFixture device) : IDisposable
{
    private readonly HostTensors _memory = new();

    [Fact]
    public void Item_Streamed_IsWhatResidentMembersAre()
    {
        StoredMember[] members = [Member("small", 3, 5), Member("large", 40, 7), Member("vector", 1, 9)];
        using DeviceMembers resident = new(device.Backend, members, streamed: false);
        using DeviceMembers streamed = new(device.Backend, members, streamed: true);
        Assert.False(resident.IsStreamed);
        Assert.True(streamed.IsStreamed);

        // Every one twice, in turns: what the last one left is overwritten.
        foreach (StoredMember member in members.Concat(members.Reverse()))
        {
            Assert.Equal(Elements(resident[member]), Elements(streamed[member]));
            Assert.Equal(member.Base.Shape, streamed[member].Base.Shape);
        }

        Assert.NotEqual(Elements(resident[members[0]]), Elements(resident[members[1]])[..30]);
    }

    public void Dispose() => _memory.Dispose();

    private StoredMember Member(string name, int rows, int columns)
    {
        TensorRef Tensor(int model)
        {
            float[] values = [.. Enumerable.Range(0, rows * columns).Select(i => MathF.Sin((100 * model) + (rows * i)))];
            return _memory.Add<float>($"{name}.{model}", values, new Shape(rows, columns)).Source;
        }

        return new StoredMember(Tensor(0), [Tensor(1), Tensor(2)]);
    }

    private float[] Elements(StoredMember member)
    {
        return [.. ((TensorRef[])[member.Base, .. member.Experts]).SelectMany(Download)];

        float[] Download(TensorRef tensor)
        {
            float[] values = new float[tensor.ElementCount];
            device.Backend.Download<float>(tensor, values);
            return values;
        }
    }
}
