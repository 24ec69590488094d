namespace Engine.Kernels.Device;

/// <summary>What one thread carries from global to shared memory for one tile of one operand: four or eight floats.</summary>
internal struct GemmFragment
{
    public Float4 First;
    public Float4 Second;
}
