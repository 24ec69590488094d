namespace Engine.Fusion;

/// <summary>Why EPO fell back to the preference as weights.</summary>
public enum EpoFallback
{
    /// <summary>It did not.</summary>
    None,

    /// <summary>An entry of the preference is zero, so the ray is at infinity. Clamp preferences to avoid it.</summary>
    ZeroPreference,

    /// <summary>A loss is negative, or all are zero: the share of a loss in the sum has no meaning.</summary>
    LossSign,

    /// <summary>No weights satisfy the constraints.</summary>
    Infeasible,
}
