using System.Collections.Generic;

namespace Engine.Bench;

/// <summary>Sizes of what is measured on a device.</summary>
internal sealed record DeviceScale
{
    /// <summary>Those of the models: CLIP ViT-B/32 with 16 images, GPT-2 124M with 4 x 1024 tokens, and a large square product.</summary>
    public static readonly DeviceScale Full = new()
    {
        Products =
        [
            new("square", 4096, 4096, 4096),
            new("vit-b32 qkv", 800, 2304, 768),
            new("vit-b32 proj", 800, 768, 768),
            new("vit-b32 fc1", 800, 3072, 768),
            new("vit-b32 fc2", 800, 768, 3072),
            new("gpt2 qkv", 4096, 2304, 768),
            new("gpt2 fc1", 4096, 3072, 768),
            new("gpt2 fc2", 4096, 768, 3072),
            new("gpt2 logits", 4096, 50257, 768),
        ],
        ParameterRows = 12 * 2 * 3072,
        Width = 768,
        Experts = 8,
        NormRows = 16384,
        CopyBytes = 1 << 30,
        ColdBytes = 256 << 20,
        FmaRounds = 4096,
    };

    /// <summary>A second on a processor: whether everything runs, not how fast.</summary>
    public static readonly DeviceScale Tiny = new()
    {
        Products = [new("square", 64, 64, 64), new("logits", 12, 41, 16)],
        ParameterRows = 24,
        Width = 32,
        Experts = 3,
        NormRows = 16,
        CopyBytes = 1 << 16,
        ColdBytes = 1 << 16,
        FmaRounds = 4,
    };

    /// <summary>Products.</summary>
    public required IReadOnlyList<ProductShape> Products { get; init; }

    /// <summary>Rows of the parameters that are merged, contracted and updated: of all MLPs together.</summary>
    public required int ParameterRows { get; init; }

    /// <summary>Columns of the parameters and of the layer norm.</summary>
    public required int Width { get; init; }

    /// <summary>Experts of the weighted sum and of the n-way dot.</summary>
    public required int Experts { get; init; }

    /// <summary>Rows of the layer norm.</summary>
    public required int NormRows { get; init; }

    /// <summary>Bytes that the copy reads.</summary>
    public required int CopyBytes { get; init; }

    /// <summary>Several sets of operands, used in turn, take as many bytes together: more than a cache holds.</summary>
    public required int ColdBytes { get; init; }

    /// <summary>Rounds of <see cref="FmaPeakKernel"/>.</summary>
    public required int FmaRounds { get; init; }
}
