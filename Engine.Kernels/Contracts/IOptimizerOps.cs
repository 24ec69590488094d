namespace Engine.Kernels;

/// <summary>Parameter updates.</summary>
public interface IOptimizerOps
{
    /// <summary>One step of Adam or AdamW; see <see cref="AdamWArgs"/>.</summary>
    void AdamW(in AdamWArgs args);
}
