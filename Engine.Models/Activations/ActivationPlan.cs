using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Engine.Kernels;

namespace Engine.Models;

/// <summary>
/// Names, shapes and places of everything a pass keeps. A model declares its activations in one method, which runs twice: once to
/// measure, once to place them in an arena.
/// </summary>
public sealed class ActivationPlan : IDisposable
{
    private readonly IBackend _backend;
    private readonly string _name;
    private Arena? _arena;
    private long _next;
    private long _end;
    private bool _measuring;

    /// <summary>Creates an empty plan.</summary>
    /// <param name="backend">Where activations lie.</param>
    /// <param name="name">What they belong to, for messages.</param>
    public ActivationPlan(IBackend backend, string name)
    {
        _backend = backend;
        _name = name;
    }

    /// <summary>Bytes of the arena.</summary>
    public long ByteLength => _arena?.ByteLength ?? 0;

    /// <summary>The placed activations in order.</summary>
    public IReadOnlyList<TensorRef> Regions => _arena?.Regions ?? [];

    /// <summary>Places the activations that <paramref name="declare"/> adds. The arena is kept if it is large enough.</summary>
    /// <param name="declare">Calls <see cref="Add(string, ReadOnlySpan{int})"/> and stores the results; must do the same twice.</param>
    public void Build(Action<ActivationPlan> declare)
    {
        ArgumentNullException.ThrowIfNull(declare);
        _measuring = true;
        _next = _end = 0;
        declare(this);
        _measuring = false;
        if (_arena is null || _arena.ByteLength < _end)
        {
            _arena?.Dispose();
            _arena = _backend.CreateArena(_name, _end);
        }

        _arena.Reset();
        _next = 0;
        declare(this);
    }

    /// <summary>Adds an activation in the compute dtype.</summary>
    /// <param name="name">Name, for messages and the table.</param>
    /// <param name="dimensions">Shape.</param>
    /// <returns>Its place; "no tensor" while measuring.</returns>
    public TensorRef Add(string name, params ReadOnlySpan<int> dimensions) => Add(name, _backend.Info.ComputeType, new Shape(dimensions));

    /// <summary>Adds an activation or index tensor of any dtype.</summary>
    /// <inheritdoc cref="Add(string, ReadOnlySpan{int})"/>
    public TensorRef Add(string name, DType dtype, Shape shape)
    {
        long offset = _next;
        _next += Arena.AlignedSize(dtype, shape);
        _end = Math.Max(_end, _next);
        if (_measuring)
        {
            return default;
        }

        _arena!.MoveTo(offset);
        return _arena.Allocate(name, dtype, shape);
    }

    /// <summary>Places activations over each other that are never needed at the same time.</summary>
    /// <param name="uses">Each adds activations, from the same place on: they hold nothing while those of another use do.</param>
    public void Overlay(params ReadOnlySpan<Action> uses)
    {
        long start = _next;
        long end = start;
        foreach (Action use in uses)
        {
            _next = start;
            use();
            end = Math.Max(end, _next);
        }

        _next = end;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _arena?.Dispose();
        _arena = null;
    }

    /// <summary>A table: name, dtype, shape, first byte, bytes.</summary>
    public override string ToString()
    {
        StringBuilder table = new();
        foreach (TensorRef region in Regions)
        {
            long bytes = region.ElementCount * region.DType.SizeInBytes();
            table.Append(CultureInfo.InvariantCulture, $"{region.Name,-40} {region.DType,-4} {region.Shape,-24} ");
            table.AppendLine(CultureInfo.InvariantCulture, $"{region.ByteOffset,14:N0} {bytes,14:N0}");
        }

        return table.AppendLine(CultureInfo.InvariantCulture, $"{"total",-85} {ByteLength,14:N0}").ToString();
    }
}
