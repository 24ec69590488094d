using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>F32.</summary>
internal readonly struct Float32Format : IStorageFormat<float>
{
    public static float Load(ArrayView<float> view, long index) => view[index];

    public static void Store(ArrayView<float> view, long index, float value) => view[index] = value;
}
