using System.Linq;

namespace WeightsTools;

/// <summary>What base and experts have in common; a workspace opens only if their names and shapes agree.</summary>
/// <param name="Experts">How many.</param>
/// <param name="Tensors">Of the backbone.</param>
/// <param name="Parameters">Of the backbone.</param>
/// <param name="BytesPerModel">Size of the base's checkpoint.</param>
internal sealed record DemoModels(int Experts, int Tensors, long Parameters, long BytesPerModel)
{
    /// <summary>Describes an open workspace.</summary>
    public static DemoModels Of(FusionWorkspace models) => new(
        models.Ensemble.Tasks,
        models.Backbone.Layout.Parameters.Count,
        models.Backbone.Layout.Parameters.Sum(static parameter => parameter.Shape.ElementCount),
        models.Ensemble.Base.ByteLength);
}
