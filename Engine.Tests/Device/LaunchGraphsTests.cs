using System;
using System.Linq;
using Engine.Kernels;
using Engine.Kernels.Device;
using ILGPU;
using Xunit;

namespace Engine.Tests;

/// <summary>What is recorded, when it is enqueued, and when as a graph.</summary>
public sealed class LaunchGraphsTests : IDisposable
{
    private static readonly DeviceKernel<Args> A = new("a", static _ => { }, 32);
    private static readonly DeviceKernel<Args> B = new("b", static _ => { }, 32);

    private readonly FakeLaunchQueue _queue = new();
    private readonly QueueLauncher _launcher;

    public LaunchGraphsTests() => _launcher = new QueueLauncher(_queue, withGraphs: true);

    public void Dispose() => _launcher.Dispose();

    [Fact]
    public void Launch_WithoutGraphs_IsEnqueuedAtOnce()
    {
        using QueueLauncher launcher = new(_queue);
        launcher.Launch(A, new Index3D(1, 1, 1), new Args { Number = 3 });
        launcher.Launch(B, new Index3D(2, 1, 1), new Args { Number = 4 });
        launcher.Launch(B, new Index3D(0, 1, 1), new Args { Number = 5 });
        Assert.Equal("a(3); b2(4)", _queue.TakeLog());
        launcher.Synchronize();
        Assert.Equal("wait", _queue.TakeLog());
    }

    [Fact]
    public void Launch_WithGraphs_WaitsForTheFlush()
    {
        Launch(A, 1, 2);
        Assert.Empty(_queue.Log);
        _launcher.Synchronize();
        Assert.Equal("a(1); a(2); wait", _queue.TakeLog());
        _launcher.Flush();
        Assert.Empty(_queue.Log);
    }

    [Fact]
    public void Launch_LongSegment_IsEnqueuedWhileItIsRecorded()
    {
        Launch(A, [.. Enumerable.Range(0, QueueLauncher.MostRecorded - 1)]);
        Assert.Empty(_queue.Log);
        Launch(A, 7);
        Assert.Equal(QueueLauncher.MostRecorded, _queue.Log.Count);
    }

    [Fact]
    public void Flush_SequenceComesAgain_IsAGraphFromTheSecondTimeOn()
    {
        Assert.Equal("a(1); a(2); a(3); b(4)", Segment(1, 2, 3, 4));
        Assert.Equal("graph[a(1) a(2) a(3) b(4)]", Segment(1, 2, 3, 4));
        Assert.Equal("graph[a(1) a(2) a(3) b(4)]", Segment(1, 2, 3, 4));
        Assert.Equal(2, _launcher.Graphs!.Replays);
    }

    [Fact]
    public void Flush_ParametersChange_GraphTakesThem()
    {
        Segment(1, 2, 3, 4);
        Assert.Equal("graph[a(1) a(5) a(3) b(4)]", Segment(1, 5, 3, 4));
        Assert.Equal("graph[a(1) a(6) a(3) b(7)]", Segment(1, 6, 3, 7));

        // Back to what the graph was made with, and what it was given last.
        Assert.Equal("graph[a(1) a(5) a(3) b(4)]", Segment(1, 5, 3, 4));
        Assert.Equal("graph[a(1) a(5) a(3) b(4)]", Segment(1, 5, 3, 4));
    }

    [Fact]
    public void Flush_OtherGridKernelOrLength_IsAnotherSequence()
    {
        Segment(1, 2, 3, 4);
        Launch(A, 1, 2, 3);
        _launcher.Launch(B, new Index3D(2, 1, 1), new Args { Number = 4 });
        Assert.Equal("a(1); a(2); a(3); b2(4)", Flush());
        Launch(A, 1, 2, 3, 4);
        Assert.Equal("a(1); a(2); a(3); a(4)", Flush());
        Launch(A, 1, 2, 3);
        Launch(B, 4, 5);
        Assert.Equal("a(1); a(2); a(3); b(4); b(5)", Flush());
        Assert.Equal("graph[a(1) a(2) a(3) b(4)]", Segment(1, 2, 3, 4));
    }

    [Fact]
    public void Flush_FewLaunches_AreNoGraph()
    {
        for (int time = 0; time < 3; time++)
        {
            Launch(A, 1, 2, 3);
            Assert.Equal("a(1); a(2); a(3)", Flush());
        }
    }

    [Fact]
    public void Flush_TooManySequences_ForgetsTheOneNotMetForLongest()
    {
        Segment(1, 2, 3, 4);
        Segment(1, 2, 3, 4);
        for (int sequence = 1; sequence < LaunchGraphs.MostSequences; sequence++)
        {
            Launch(A, new int[4 + sequence]);
            Flush();
        }

        // Met again: now a sequence of five launches is the oldest.
        Assert.StartsWith("graph", Segment(1, 2, 3, 4), StringComparison.Ordinal);
        Launch(B, 1, 2, 3, 4);
        Flush();
        Assert.StartsWith("graph", Segment(1, 2, 3, 4), StringComparison.Ordinal);
        Launch(A, 1, 2, 3, 4, 5);
        Assert.Equal("a(1); a(2); a(3); a(4); a(5)", Flush());

        // As many others in between.
        for (int sequence = 0; sequence < LaunchGraphs.MostSequences; sequence++)
        {
            Launch(B, new int[5 + sequence]);
            Flush();
        }

        Assert.Equal("a(1); a(2); a(3); b(4)", Segment(1, 2, 3, 4));
    }

    [Fact]
    public void Flush_SequenceIsForgotten_ItsGraphIsFreed()
    {
        Segment(1, 2, 3, 4);
        Segment(1, 2, 3, 4);
        for (int sequence = 0; sequence < LaunchGraphs.MostSequences - 1; sequence++)
        {
            Launch(B, new int[5 + sequence]);
            Flush();
        }

        Launch(A, 1, 2, 3, 4);
        Assert.StartsWith("free[a a a b]; ", Flush(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("graph")]
    [InlineData("set")]
    [InlineData("replay")]
    public void Flush_DeviceFailsAtGraphs_LaunchesOneByOneFromThenOn(string what)
    {
        Segment(1, 2, 3, 4);
        if (what != "graph")
        {
            Segment(1, 2, 3, 4);
        }

        _queue.Refuses = what;
        Assert.EndsWith("a(1); a(5); a(3); b(4)", Segment(1, 5, 3, 4), StringComparison.Ordinal);
        Assert.Equal($"no {what} here", _launcher.Graphs!.Failure);
        _queue.Refuses = string.Empty;
        Assert.Equal("a(1); a(2); a(3); b(4)", Segment(1, 2, 3, 4));
        Assert.Equal("a(1); a(2); a(3); b(4)", Segment(1, 2, 3, 4));
    }

    [Fact]
    public void Launch_KernelDoesNotCompile_ThrowsThereAndRecordsNothing()
    {
        Launch(A, 1);
        _queue.Refuses = "load";
        Assert.Throws<BackendException>(() => Launch(B, 2));
        Assert.Equal("a(1)", Flush());
    }

    [Fact]
    public void Flush_Replay_AllocatesNothing()
    {
        Segment(1, 2, 3, 4);
        _queue.IsLogging = false;
        int number = 0;
        AllocationAssert.None(() =>
        {
            for (int i = 0; i < 10; i++)
            {
                _launcher.Launch(i % 2 == 0 ? A : B, new Index3D(1, 1, 1), new Args { Number = number++ });
            }

            _launcher.Flush();
        });
        Assert.True(_launcher.Graphs!.Replays > 2);
    }

    [Fact]
    public void Dispose_Graphs_AreFreedBeforeTheQueue()
    {
        FakeLaunchQueue queue = new();
        using (QueueLauncher launcher = new(queue, withGraphs: true))
        {
            for (int time = 0; time < 8; time++)
            {
                launcher.Launch(A, new Index3D(1, 1, 1), new Args { Number = time });
                if (time == 3)
                {
                    launcher.Flush();
                }
            }

            launcher.Flush();
            queue.Log.Clear();
        }

        Assert.Equal("free[a a a a]; end", queue.TakeLog());
    }

    private string Segment(int first, int second, int third, int fourth)
    {
        Launch(A, first, second, third);
        Launch(B, fourth);
        return Flush();
    }

    private void Launch(DeviceKernel<Args> kernel, params int[] numbers)
    {
        foreach (int number in numbers)
        {
            _launcher.Launch(kernel, new Index3D(1, 1, 1), new Args { Number = number });
        }
    }

    private string Flush()
    {
        _launcher.Flush();
        return _queue.TakeLog();
    }

    internal struct Args
    {
        public int Number;
    }
}
