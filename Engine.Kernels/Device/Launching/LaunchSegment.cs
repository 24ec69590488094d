using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace Engine.Kernels.Device;

/// <summary>Launches that have been recorded and not yet enqueued, with their parameters. Memory grows to the longest segment.</summary>
internal sealed class LaunchSegment
{
    // A kernel's parameters may begin with views, which are aligned to 8 bytes.
    private const int Alignment = 8;

    private readonly List<KernelLaunch> _launches = [];
    private readonly List<int> _offsets = [];
    private byte[] _parameters = [];
    private int _parameterBytes;

    /// <summary>Number of launches.</summary>
    public int Count => _launches.Count;

    /// <summary>What runs, in order.</summary>
    public ReadOnlySpan<KernelLaunch> Launches => CollectionsMarshal.AsSpan(_launches);

    /// <summary>The parameter blocks of all launches.</summary>
    public ReadOnlySpan<byte> Parameters => _parameters.AsSpan(0, _parameterBytes);

    /// <summary>The parameter block of one launch.</summary>
    public ReadOnlySpan<byte> ParametersOf(int index) => Parameters.Slice(_offsets[index], _launches[index].Kernel.Parameters.SizeInBytes);

    /// <summary>Where the parameter block of one launch begins among those of all.</summary>
    public int OffsetOf(int index) => _offsets[index];

    /// <summary>Records a launch.</summary>
    /// <returns>Where its parameter block has to be written, before the next call; all 0.</returns>
    public Span<byte> Add(in KernelLaunch launch)
    {
        int size = launch.Kernel.Parameters.SizeInBytes;
        int end = _parameterBytes + ((size + Alignment - 1) / Alignment * Alignment);
        if (end > _parameters.Length)
        {
            Array.Resize(ref _parameters, Math.Max(end, 2 * _parameters.Length));
        }

        _launches.Add(launch);
        _offsets.Add(_parameterBytes);
        _parameters.AsSpan(_parameterBytes, end - _parameterBytes).Clear();
        Span<byte> block = _parameters.AsSpan(_parameterBytes, size);
        _parameterBytes = end;
        return block;
    }

    /// <summary>Forgets all launches.</summary>
    public void Clear()
    {
        _launches.Clear();
        _offsets.Clear();
        _parameterBytes = 0;
    }
}
