namespace Engine.Kernels.Device;

/// <summary>Names of storage formats in the names of kernels.</summary>
internal static class StorageFormats
{
    /// <summary>"f32", "bf16" or "f16".</summary>
    public static string Name<TFormat>()
        where TFormat : struct =>
        typeof(TFormat) == typeof(Float32Format) ? "f32" : typeof(TFormat) == typeof(BFloat16Format) ? "bf16" : "f16";
}
