using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using Engine.Kernels;
using Engine.Kernels.Device;

namespace Engine.Tests;

/// <summary>Writes down what reaches the device, for kernels whose first parameter is a number.</summary>
internal sealed class FakeLaunchQueue : ILaunchQueue
{
    /// <summary>What was enqueued, made and freed, in order.</summary>
    public List<string> Log { get; } = [];

    /// <summary>False to write nothing down, which allocates.</summary>
    public bool IsLogging { get; set; } = true;

    /// <summary>What the device refuses: "load", "graph", "set" or "replay".</summary>
    public string Refuses { get; set; } = string.Empty;

    /// <summary>The log so far, which is then empty.</summary>
    public string TakeLog()
    {
        string log = string.Join("; ", Log);
        Log.Clear();
        return log;
    }

    public void Load(IDeviceKernel kernel) => Refuse("load");

    public void Launch(in KernelLaunch launch, ReadOnlySpan<byte> parameters)
    {
        if (IsLogging)
        {
            Write(Describe(launch, Number(parameters)));
        }
    }

    public ILaunchGraph CreateGraph(LaunchSegment segment)
    {
        Refuse("graph");
        return new Graph(this, segment);
    }

    public void Synchronize() => Write("wait");

    public void Dispose() => Write("end");

    private static int Number(ReadOnlySpan<byte> parameters) => BinaryPrimitives.ReadInt32LittleEndian(parameters);

    private static string Describe(KernelLaunch launch, int number) =>
        $"{launch.Kernel.Name}{(launch.Grid.X == 1 ? string.Empty : launch.Grid.X)}({number})";

    private void Refuse(string what)
    {
        if (Refuses == what)
        {
            throw new BackendException($"no {what} here");
        }
    }

    private void Write(string line)
    {
        if (IsLogging)
        {
            Log.Add(line);
        }
    }

    private sealed class Graph : ILaunchGraph
    {
        private readonly FakeLaunchQueue _queue;
        private readonly KernelLaunch[] _launches;
        private readonly int[] _numbers;

        public Graph(FakeLaunchQueue queue, LaunchSegment segment)
        {
            _queue = queue;
            _launches = segment.Launches.ToArray();
            _numbers = [.. Enumerable.Range(0, segment.Count).Select(i => Number(segment.ParametersOf(i)))];
        }

        public void SetParameters(int index, ReadOnlySpan<byte> parameters)
        {
            _queue.Refuse("set");
            _numbers[index] = Number(parameters);
        }

        public void Launch()
        {
            _queue.Refuse("replay");
            if (_queue.IsLogging)
            {
                _queue.Write($"graph[{string.Join(' ', _launches.Zip(_numbers, Describe))}]");
            }
        }

        public void Dispose()
        {
            if (_queue.IsLogging)
            {
                _queue.Write($"free[{string.Join(' ', _launches.Select(static launch => launch.Kernel.Name))}]");
            }
        }
    }
}
