using System;

namespace Engine.Kernels.Device;

/// <summary>Launches that a device takes at once.</summary>
internal interface ILaunchGraph : IDisposable
{
    /// <summary>Gives a launch other parameters, from the next time on that the graph is enqueued.</summary>
    /// <param name="index">Of the launch in its segment.</param>
    /// <param name="parameters">Its parameter block; may change as soon as this returns.</param>
    /// <exception cref="BackendException">The device refuses it.</exception>
    void SetParameters(int index, ReadOnlySpan<byte> parameters);

    /// <summary>Enqueues all launches.</summary>
    /// <exception cref="BackendException">The device refuses; nothing has been enqueued.</exception>
    void Launch();
}
