using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>How many neighbouring elements a thread takes at once: what kernels of aligned and of any operands differ in.</summary>
internal interface IElementAccess
{
    /// <summary>Behind names of kernels.</summary>
    static abstract string Suffix { get; }

    /// <summary>Elements at once.</summary>
    static abstract int Width { get; }

    /// <summary>Reads the float32 elements from <see cref="Width"/> <paramref name="index"/> on.</summary>
    static abstract Float4 Load(ArrayView<float> view, long index);

    /// <summary>Reads the elements from <see cref="Width"/> <paramref name="index"/> on.</summary>
    static abstract Float4 Load<TFormat, TElement>(ArrayView<TElement> view, long index)
        where TFormat : struct, IStorageFormat<TElement>
        where TElement : unmanaged;

    /// <summary>Writes the float32 elements from <see cref="Width"/> <paramref name="index"/> on.</summary>
    static abstract void Store(ArrayView<float> view, long index, Float4 value);

    /// <summary>Writes the elements from <see cref="Width"/> <paramref name="index"/> on.</summary>
    static abstract void Store<TFormat, TElement>(ArrayView<TElement> view, long index, Float4 value)
        where TFormat : struct, IStorageFormat<TElement>
        where TElement : unmanaged;

    /// <summary>The sum of the elements.</summary>
    static abstract float Sum(Float4 value);

    /// <summary>The largest of the elements.</summary>
    static abstract float Largest(Float4 value);
}
