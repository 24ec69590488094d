using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>F32.</summary>
internal readonly struct Float32Format : IStorageFormat<float>
{
    public static float Load(ArrayView<float> view, long index) => view[index];

    public static Float4 Load4(ArrayView<float> view, long index) => Float4.Load(view, index);

    public static void Store(ArrayView<float> view, long index, float value) => view[index] = value;

    public static void Store4(ArrayView<float> view, long index, Float4 value) => Float4.Store(view, index, value);
}
