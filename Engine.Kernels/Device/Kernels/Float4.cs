using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>Sixteen bytes that are loaded and stored at once.</summary>
internal partial struct Float4
{
    /// <summary>Floats in it.</summary>
    public const int Width = 4;

    public float X;
    public float Y;
    public float Z;
    public float W;

    /// <summary>The four elements from 4 <paramref name="index"/> on; the view is aligned to sixteen bytes.</summary>
    public static Float4 Load(ArrayView<float> view, long index) => view.Cast<Float4>()[index];

    /// <summary>Writes the four elements from 4 <paramref name="index"/> on.</summary>
    public static void Store(ArrayView<float> view, long index, Float4 value) => view.Cast<Float4>()[index] = value;
}
