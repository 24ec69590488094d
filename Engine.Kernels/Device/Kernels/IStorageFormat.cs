using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>A floating-point dtype as it lies in device memory, widened to and narrowed from float32.</summary>
/// <typeparam name="TElement">What a view of it holds.</typeparam>
internal interface IStorageFormat<TElement>
    where TElement : unmanaged
{
    /// <summary>Reads one element; exact.</summary>
    static abstract float Load(ArrayView<TElement> view, long index);

    /// <summary>Reads four elements from 4 <paramref name="index"/> on in one load; the view is aligned to four elements.</summary>
    static abstract Float4 Load4(ArrayView<TElement> view, long index);

    /// <summary>Writes one element, rounded to nearest even.</summary>
    static abstract void Store(ArrayView<TElement> view, long index, float value);

    /// <summary>Writes four elements from 4 <paramref name="index"/> on in one store; the view is aligned to four elements.</summary>
    static abstract void Store4(ArrayView<TElement> view, long index, Float4 value);
}
