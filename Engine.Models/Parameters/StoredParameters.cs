using System;
using System.Collections.Generic;
using System.Linq;
using Engine.Kernels;

namespace Engine.Models;

/// <summary>The parameters of a layout as a checkpoint stores them: finds the prefix, checks shapes, gives views of the mapped
/// file.</summary>
public sealed class StoredParameters
{
    private readonly Checkpoint _checkpoint;
    private readonly string _prefix;

    /// <summary>Finds the parameters and checks them from the headers alone.</summary>
    /// <param name="checkpoint">Where they are; stays with the caller.</param>
    /// <param name="prefixes">Prefixes to try, the most specific first.</param>
    /// <param name="layout">What is expected.</param>
    /// <exception cref="DataException">A parameter is missing, has another shape, or is not floating point.</exception>
    public StoredParameters(Checkpoint checkpoint, IReadOnlyList<string> prefixes, ParameterLayout layout)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        ArgumentNullException.ThrowIfNull(prefixes);
        ArgumentNullException.ThrowIfNull(layout);
        _checkpoint = checkpoint;

        // The prefix under which most parameters are found: a missing tensor is then reported under its right name.
        _prefix = prefixes.MaxBy(prefix => layout.Parameters.Count(parameter => checkpoint.Contains(prefix + parameter.Name)))
            ?? string.Empty;
        foreach (ParameterSpec spec in layout.Parameters)
        {
            Check(spec);
        }
    }

    /// <summary>The name of a parameter in the checkpoint.</summary>
    public string NameOf(ParameterSpec parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        return _prefix + parameter.Name;
    }

    /// <summary>A view of the parameter in the mapped file, in its stored dtype.</summary>
    public TensorRef Tensor(ParameterSpec parameter) => _checkpoint.Tensor(NameOf(parameter));

    /// <summary>Copies all parameters that a set has, converting to its dtypes: widening is exact, narrowing rounds to nearest even. The
    /// file's pages leave the process with every copy, so that a model is in memory once even while its checkpoint stays open.</summary>
    /// <param name="backend">Copies.</param>
    /// <param name="destination">Receives them.</param>
    public void CopyTo(IBackend backend, ParameterSet destination)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(destination);
        foreach (ParameterSpec parameter in destination.Parameters)
        {
            TensorRef stored = Tensor(parameter);
            backend.Copy(stored, destination[parameter.Name]);
            MappedFile.Release(stored);
        }

        backend.Synchronize();
    }

    private void Check(ParameterSpec spec)
    {
        TensorEntry entry = _checkpoint.Entry(NameOf(spec));
        bool sameShape = entry.Shape.Count == spec.Shape.Rank;
        for (int i = 0; sameShape && i < spec.Shape.Rank; i++)
        {
            sameShape = entry.Shape[i] == spec.Shape[i];
        }

        if (!sameShape || !entry.DType.IsFloatingPoint())
        {
            throw DataException.ForTensor(
                _checkpoint.FileOf(entry.Name),
                entry.Name,
                $"expected floating point {spec.Shape}, found {entry.DType} {entry.ShapeText}.");
        }
    }
}
