using Engine.Kernels;

namespace Engine.Models;

/// <summary>Adds layers to a parameter layout under the names that a checkpoint uses.</summary>
internal sealed class LayoutBuilder
{
    private readonly TransformerGeometry _geometry;

    public LayoutBuilder(TransformerGeometry geometry) => _geometry = geometry;

    public ParameterLayout Layout { get; } = new();

    /// <summary>The block that parameters are added to.</summary>
    public int Block { get; set; } = ParameterSpec.OutsideBlocks;

    /// <summary>Adds "name.weight" and "name.bias" of a layer norm, a module of its own.</summary>
    public LayerNorm Norm(string name) => new(
        Vector($"{name}.weight", _geometry.Width, name, ModuleKind.Norm),
        Vector($"{name}.bias", _geometry.Width, name, ModuleKind.Norm),
        _geometry.Epsilon);

    /// <summary>Adds "name.weight" [out, in] and "name.bias" of a linear layer; several names are stacked into one layer.</summary>
    public Linear Linear(string module, ModuleKind kind, int inputs, int outputs, params string[] names)
    {
        int weight = Layout.Add(System.Array.ConvertAll(
            names, name => WeightSpec($"{name}.weight", new Shape(outputs, inputs), module, kind, ChannelAxis.Row)));
        int bias = Layout.Add(System.Array.ConvertAll(
            names, name => new ParameterSpec($"{name}.bias", new Shape(outputs), module, kind) { Block = Block }));
        return new Linear(weight, bias, inputs, names.Length * outputs);
    }

    /// <summary>Adds "name.weight" [in, out] and "name.bias" of a GPT-2 Conv1D.</summary>
    public Linear Conv1D(string module, ModuleKind kind, int inputs, int outputs, string name)
    {
        int weight = Weight($"{name}.weight", new Shape(inputs, outputs), module, kind, ChannelAxis.Column);
        return new Linear(weight, Vector($"{name}.bias", outputs, module, kind), inputs, outputs, InputMajor: true);
    }

    /// <summary>Adds a matrix that rows are multiplied with.</summary>
    public int Weight(string name, Shape shape, string module, ModuleKind kind, ChannelAxis axis = ChannelAxis.None) =>
        Layout.Add(WeightSpec(name, shape, module, kind, axis));

    /// <summary>Adds any other parameter.</summary>
    public int Parameter(string name, Shape shape, string module, ModuleKind kind, ChannelAxis axis = ChannelAxis.None) =>
        Layout.Add(new ParameterSpec(name, shape, module, kind, axis) { Block = Block });

    /// <summary>Adds a vector.</summary>
    public int Vector(string name, int length, string module, ModuleKind kind) => Parameter(name, new Shape(length), module, kind);

    private ParameterSpec WeightSpec(string name, Shape shape, string module, ModuleKind kind, ChannelAxis axis) =>
        new(name, shape, module, kind, axis) { Block = Block, IsProductWeight = true };
}
