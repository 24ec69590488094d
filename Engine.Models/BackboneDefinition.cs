namespace Engine.Models;

/// <summary>What a model hands to <see cref="Backbone"/>: its sizes, parameters, blocks and final norm.</summary>
internal sealed record BackboneDefinition(
    TransformerGeometry Geometry, ParameterLayout Layout, TransformerBlock[] Blocks, LayerNorm FinalNorm);
