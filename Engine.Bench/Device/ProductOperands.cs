using System;
using Engine.Kernels;

namespace Engine.Bench;

/// <summary>Operands of one product, in several sets that are used in turn so that none is found in a cache.</summary>
internal sealed class ProductOperands : IDisposable
{
    private readonly Arena _arena;
    private readonly GemmArgs[] _sets;

    /// <param name="bench">The device.</param>
    /// <param name="shape">Of the product.</param>
    /// <param name="transposeA">A is stored as [K, M].</param>
    /// <param name="transposeB">B is stored as [N, K].</param>
    /// <param name="stored">Dtype of A and B; C is F32.</param>
    public ProductOperands(DeviceBench bench, ProductShape shape, bool transposeA, bool transposeB, DType stored)
    {
        Shape a = transposeA ? new(shape.K, shape.M) : new(shape.M, shape.K);
        Shape b = transposeB ? new(shape.N, shape.K) : new(shape.K, shape.N);
        Shape c = new(shape.M, shape.N);
        long setBytes = Arena.AlignedSize(stored, a) + Arena.AlignedSize(stored, b) + Arena.AlignedSize(DType.F32, c);
        _sets = new GemmArgs[bench.SetsFor(setBytes)];
        _arena = bench.Backend.CreateArena("product", _sets.Length * setBytes);
        for (int i = 0; i < _sets.Length; i++)
        {
            _sets[i] = new GemmArgs
            {
                A = _arena.Allocate("a", stored, a),
                B = _arena.Allocate("b", stored, b),
                C = _arena.Allocate("c", DType.F32, c),
                TransposeA = transposeA,
                TransposeB = transposeB,
            };
            if (i == 0)
            {
                RandomTensors.Fill(bench.Backend, _sets[i].A, 1, 1);
                RandomTensors.Fill(bench.Backend, _sets[i].B, 1, 2);
            }
            else
            {
                bench.Backend.Copy(_sets[0].A, _sets[i].A);
                bench.Backend.Copy(_sets[0].B, _sets[i].B);
            }
        }
    }

    /// <summary>The set of the repeat with this number.</summary>
    public GemmArgs Set(int repeat) => _sets[repeat % _sets.Length];

    public void Dispose() => _arena.Dispose();
}
