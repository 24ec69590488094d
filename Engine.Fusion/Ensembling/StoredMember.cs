using System;
using Engine.Kernels;
using Engine.Models;

namespace Engine.Fusion;

/// <summary>One parameter of base and experts, as matrices or vectors in the dtypes they are stored in.</summary>
/// <param name="Base">θ0's.</param>
/// <param name="Experts">θ1's .. θT's.</param>
internal sealed record StoredMember(TensorRef Base, TensorRef[] Experts)
{
    /// <summary>Bytes that it takes in an arena.</summary>
    public long ByteLength
    {
        get
        {
            long bytes = Arena.AlignedSize(Base.DType, Base.Shape);
            foreach (TensorRef expert in Experts)
            {
                bytes += Arena.AlignedSize(expert.DType, expert.Shape);
            }

            return bytes;
        }
    }

    /// <summary>As many tensors of the same dtypes and shapes in an arena.</summary>
    public StoredMember PlaceIn(Arena arena)
    {
        TensorRef Place(TensorRef stored) => arena.Allocate(stored.Name!, stored.DType, stored.Shape);
        return new StoredMember(Place(Base), Array.ConvertAll(Experts, Place));
    }

    /// <summary>Copies all elements.</summary>
    /// <param name="backend">Owns the destination.</param>
    /// <param name="destination">Made by <see cref="PlaceIn"/>.</param>
    public void CopyTo(IBackend backend, StoredMember destination)
    {
        backend.Copy(Base, destination.Base);
        for (int i = 0; i < Experts.Length; i++)
        {
            backend.Copy(Experts[i], destination.Experts[i]);
        }
    }

    /// <summary>Lets the pages of mapped files leave the process.</summary>
    public void ReleasePages()
    {
        MappedFile.Release(Base);
        foreach (TensorRef expert in Experts)
        {
            MappedFile.Release(expert);
        }
    }
}
