using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>Up to eight experts of one launch; those beyond its count repeat another. Named fields, because an array
/// that a loop indexes would live in slow local memory.</summary>
/// <typeparam name="TElement">What the experts are stored as.</typeparam>
internal struct ExpertViews<TElement>
    where TElement : unmanaged
{
        public ArrayView<TElement> E0;
        public ArrayView<TElement> E1;
        public ArrayView<TElement> E2;
        public ArrayView<TElement> E3;
        public ArrayView<TElement> E4;
        public ArrayView<TElement> E5;
        public ArrayView<TElement> E6;
        public ArrayView<TElement> E7;
}
