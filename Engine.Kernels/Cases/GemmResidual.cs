namespace Engine.Kernels.Cases;

/// <summary>Where a product's residual comes from.</summary>
internal enum GemmResidual
{
    None,
    Separate,
    InPlace,
}
