using System;

namespace Engine.Bench;

/// <summary>Something that is measured on a device.</summary>
/// <param name="Name">Of its row.</param>
/// <param name="Measure">Measures it; memory is taken and given back within.</param>
internal sealed record DeviceCase(string Name, Func<DeviceBench, DeviceRow> Measure);
