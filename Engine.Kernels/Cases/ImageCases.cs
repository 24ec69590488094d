using System.Collections.Generic;
using System.Linq;
using static Engine.Kernels.Cases.OperandSpec;

namespace Engine.Kernels.Cases;

/// <summary>From pixels to rows of features.</summary>
internal static class ImageCases
{
    /// <summary>A batch of ViT-B/32.</summary>
    private static Shape ViTPixels => new(32, 3, 224, 224);

    public static IEnumerable<OpCase> All() =>
    [
        .. from size in Sizes() select Extract(size.Pixels, size.Patch),
        .. from size in Sizes() select Fold(size.Pixels, size.Patch),
        .. from size in TokenSizes() select Assemble(size.B, size.P, size.C),
        .. from size in TokenSizes()
           from patches in Choices.OffOn
           from classToken in Choices.OffOn
           from positions in Choices.OffOn
           from accumulate in Choices.OffOn
           where patches || positions
           select AssembleBackward(size.B, size.P, size.C, patches, classToken, positions, accumulate),
        Extract(ViTPixels, 32, large: true),
        Fold(ViTPixels, 32, large: true),
        Assemble(32, 49, 768, large: true),
        AssembleBackward(32, 49, 768, patches: true, classToken: true, positions: true, accumulate: false, large: true),
    ];

    private static (Shape Pixels, int Patch)[] Sizes() =>
        [(new(1, 1, 1, 1), 1), (new(2, 3, 8, 12), 4), (new(1, 2, 10, 5), 5), (new(3, 1, 6, 4), 2), (new(1, 3, 34, 51), 17)];

    private static (int B, int P, int C)[] TokenSizes() => [(1, 1, 1), (2, 4, 5), (3, 1, 17), (2, 9, 32)];

    private static Shape PatchesOf(Shape pixels, int size) =>
        new(pixels[0] * (pixels[2] / size) * (pixels[3] / size), pixels[1] * size * size);

    public static OpCase Extract(Shape pixels, int size, bool large = false) => new()
    {
        Op = "ExtractPatches",
        Name = $"{pixels} by {size}",
        Operands = [Input("pixels", pixels), Output("patches", PatchesOf(pixels, size))],
        Call = (backend, t) => backend.ExtractPatches(t["pixels"], size, t["patches"]),
        Unaligned = size % 2 == 1,
        IsLarge = large,
    };

    public static OpCase Fold(Shape pixels, int size, bool large = false) => new()
    {
        Op = "FoldPatches",
        Name = $"{pixels} by {size}",
        Operands =
        [
            Input("dpatches", PatchesOf(pixels, size)), Output("dpixels", pixels),
            ForwardInput("pixels", pixels), ForwardOutput("patches", PatchesOf(pixels, size)),
        ],
        Forward = (backend, t) => backend.ExtractPatches(t["pixels"], size, t["patches"]),
        Call = (backend, t) => backend.FoldPatches(t["dpatches"], size, t["dpixels"]),
        OutputGradient = new GradientPair("patches", "dpatches"),
        InputGradients = [new GradientPair("pixels", "dpixels")],
        Unaligned = size % 2 == 1,
        IsLarge = large,
    };

    public static OpCase Assemble(int batch, int patches, int channels, bool large = false) => new()
    {
        Op = "AssembleTokens",
        Name = $"B{batch} P{patches} C{channels}",
        Operands =
        [
            Input("patches", new Shape(batch * patches, channels)), Input("class", new Shape(channels)),
            Input("positions", new Shape(patches + 1, channels)), Output("out", new Shape(batch * (patches + 1), channels)),
        ],
        Call = (backend, t) => backend.AssembleTokens(t["patches"], t["class"], t["positions"], t["out"]),
        Flops = (double)batch * (patches + 1) * channels,
        IsLarge = large,
    };

    public static OpCase AssembleBackward(
        int batch, int count, int channels, bool patches, bool classToken, bool positions, bool accumulate, bool large = false)
    {
        Shape output = new(batch * (count + 1), channels);
        Shape patchShape = new(batch * count, channels);
        Shape positionShape = new(count + 1, channels);
        Shape classShape = new(channels);
        List<OperandSpec> gradients = [];
        List<GradientPair> pairs = [];
        void Want(bool wanted, string name, Shape shape, bool add)
        {
            if (wanted)
            {
                gradients.Add(Result("d" + name, shape, add));
                pairs.Add(new GradientPair(name, "d" + name));
            }
        }

        string suffix = accumulate ? " accumulate" : "";
        Want(patches, "patches", patchShape, add: false);
        Want(classToken, "class", classShape, accumulate);
        Want(positions, "positions", positionShape, accumulate);
        return new OpCase
        {
            Op = "AssembleTokensBackward",
            Name = $"B{batch} P{count} C{channels} {string.Join(' ', pairs.Select(pair => pair.Gradient))}{suffix}",
            Operands =
            [
                ForwardInput("patches", patchShape), ForwardInput("class", classShape), ForwardInput("positions", positionShape),
                ForwardOutput("out", output), Input("dout", output), .. gradients,
            ],
            Forward = (backend, t) => backend.AssembleTokens(t["patches"], t["class"], t["positions"], t["out"]),
            Call = (backend, t) => backend.AssembleTokensBackward(
                t["dout"], t.Optional("dpatches"), t.Optional("dclass"), t.Optional("dpositions"), accumulate),
            OutputGradient = new GradientPair("out", "dout"),
            InputGradients = pairs,
            Flops = output.ElementCount,
            IsLarge = large,
        };
    }
}
