using System;
using System.Collections.Generic;
using System.Linq;
using Engine.Kernels;

namespace Engine.Models;

/// <summary>
/// Tensors for the parameters of a layout, or for some of them, in one arena: the parameters themselves, their gradients, or an
/// optimiser's moments. All have the layout's shapes, which are the checkpoint's, in the backend's compute dtype; the weights of products
/// may be in BF16, which halves what a forward pass reads and is for inference only.
/// </summary>
public sealed class ParameterSet : IDisposable
{
    private readonly Arena _arena;
    private readonly TensorRef[] _slots;
    private readonly Dictionary<string, TensorRef> _byName = [];
    private readonly List<ParameterSpec> _parameters = [];

    /// <summary>Allocates zeroed tensors.</summary>
    /// <param name="backend">Where they lie.</param>
    /// <param name="layout">What there may be.</param>
    /// <param name="name">What they are, for messages.</param>
    /// <param name="wanted">Which parameters; null for all. A slot with one wanted part is allocated whole.</param>
    /// <param name="blocksShareMemory">Every block's tensors lie in the same memory.</param>
    /// <param name="weightType">Dtype of the weights of products: the compute dtype, which null stands for, or BF16.</param>
    /// <exception cref="ArgumentException">Products cannot read weights of that dtype.</exception>
    public ParameterSet(
        IBackend backend,
        ParameterLayout layout,
        string name,
        Predicate<string>? wanted = null,
        bool blocksShareMemory = false,
        DType? weightType = null)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(layout);
        DType compute = backend.Info.ComputeType;
        WeightType = weightType ?? compute;
        if (WeightType != compute && WeightType != DType.BF16)
        {
            throw new ArgumentException($"'{name}': weights are held in {compute} or BF16, not in {WeightType}.", nameof(weightType));
        }

        _slots = new TensorRef[layout.Slots.Count];
        bool[] included = [.. layout.Slots.Select(parts => wanted is null || Array.Exists(parts, part => wanted(part.Name)))];
        BlockMemory memory = new(blocksShareMemory);
        for (int i = 0; i < _slots.Length; i++)
        {
            if (included[i])
            {
                Reserve(ref memory, layout.Slots[i], compute);
            }
        }

        _arena = backend.CreateArena(name, memory.End);
        memory = new BlockMemory(blocksShareMemory);
        for (int i = 0; i < _slots.Length; i++)
        {
            if (included[i])
            {
                _arena.MoveTo(Reserve(ref memory, layout.Slots[i], compute));
                _slots[i] = Place(layout.Slots[i], DTypeOf(layout.Slots[i], compute));
            }
        }
    }

    /// <summary>The parameters that are present, in order.</summary>
    public IReadOnlyList<ParameterSpec> Parameters => _parameters;

    /// <summary>Dtype of the weights of products; all other parameters are in the compute dtype.</summary>
    public DType WeightType { get; }

    /// <summary>Bytes of the arena.</summary>
    public long ByteLength => _arena.ByteLength;

    /// <summary>The tensor of a parameter, in the checkpoint's shape.</summary>
    /// <exception cref="KeyNotFoundException">There is no such parameter.</exception>
    public TensorRef this[string name] => _byName.TryGetValue(name, out TensorRef tensor)
        ? tensor
        : throw new KeyNotFoundException($"'{_arena.Name}' has no parameter '{name}'.");

    /// <summary>True if the parameter is present.</summary>
    public bool Contains(string name) => _byName.ContainsKey(name);

    /// <inheritdoc/>
    public void Dispose() => _arena.Dispose();

    /// <summary>The tensor of a slot; "no tensor" if it is not present.</summary>
    internal TensorRef Slot(int index) => index < 0 ? default : _slots[index];

    private DType DTypeOf(ParameterSpec[] parts, DType compute) => parts[0].IsProductWeight ? WeightType : compute;

    private long Reserve(ref BlockMemory memory, ParameterSpec[] parts, DType compute) =>
        memory.Place(parts[0].Block, Arena.AlignedSize(DTypeOf(parts, compute), ParameterLayout.SlotShape(parts)));

    private TensorRef Place(ParameterSpec[] parts, DType dtype)
    {
        TensorRef first = default;
        foreach (ParameterSpec part in parts)
        {
            TensorRef tensor = first.IsNone
                ? _arena.Allocate(part.Name, dtype, part.Shape)
                : _arena.AllocateAdjacent(part.Name, dtype, part.Shape);
            first = first.IsNone ? tensor : first;
            _byName.Add(part.Name, tensor);
            _parameters.Add(part);
        }

        return parts.Length == 1
            ? first
            : new TensorRef(first.Buffer!, first.ByteOffset, dtype, ParameterLayout.SlotShape(parts), parts[0].Module);
    }
}
