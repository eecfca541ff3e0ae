#!/usr/bin/env bash
# LĐLĐ tỉnh Thái Bình: kết quả 6 tháng đầu năm 2024 so với chỉ tiêu cả năm (22/74 CĐCS, hơn 7.000/10.800 đoàn viên),
# và đợt thi đua cao điểm hai giai đoạn, mỗi giai đoạn là một kỳ riêng có chỉ tiêu riêng.
# Chạy trên sổ mới: một tệp tạm, hoặc tệp chưa có đặt trong UCLI_DB.
set -euo pipefail

export UCLI_DB="${UCLI_DB:-$(mktemp -d)/thai-binh-2024.db}"
if [ -e "$UCLI_DB" ]; then
  echo "$UCLI_DB đã có: ví dụ chỉ ghi vào sổ mới. Bỏ UCLI_DB, hoặc đặt tên một tệp chưa có." >&2
  exit 5
fi
tinh="LĐLĐ tỉnh Thái Bình"
nguon="Bài báo ngày 28/06/2024"

ucli init --office "$tinh"
# Ghi một lượt: mọi dòng, hoặc không dòng nào
ucli batch --atomic <<HET
# Dân chủ ở cơ sở
add-figure staff-conferences 1.110          --unit "$tinh" --period 2024-H1 --source "$nguon"
add-figure worker-conferences-state 4       --unit "$tinh" --period 2024-H1 --source "$nguon"
add-figure worker-conferences-non-state 280 --unit "$tinh" --period 2024-H1 --source "$nguon"

# Tư vấn, tập huấn pháp luật
add-figure legal-advice "hơn 3.000"         --unit "$tinh" --period 2024-H1 --source "$nguon"
add-figure legal-training-sessions 50       --unit "$tinh" --period 2024-H1 --source "$nguon"
add-figure legal-training-attendances 7.500 --unit "$tinh" --period 2024-H1 --source "$nguon"

# Thăm hỏi, tặng quà
add-figure welfare-visits "hơn 296.500"      --unit "$tinh" --period 2024-H1 --source "$nguon"
add-figure welfare-amount "hơn 96,4 tỷ đồng" --unit "$tinh" --period 2024-H1 --source "$nguon"

# Mái ấm Công đoàn: 900 triệu đồng xây nhà cho 18 đoàn viên (bài báo không nêu ngày chi; lấy ngày hội nghị)
add-payout --unit "$tinh" --programme shelter --amount "900 triệu đồng" --recipients 18 --form new-build \
  --on 27/6/2024 --note "Chi trong 6 tháng đầu năm; ghi theo ngày hội nghị sơ kết"

# Phát triển đoàn viên, thành lập công đoàn cơ sở
add-figure unions-founded 22                --unit "$tinh" --period 2024-H1 --source "$nguon"
add-figure members-admitted "hơn 7.000"     --unit "$tinh" --period 2024-H1 --source "$nguon"

# Chỉ tiêu cả năm 2024
set-target unions-founded 74                --unit "$tinh" --period 2024
set-target members-admitted 10.800          --unit "$tinh" --period 2024

# Đợt thi đua cao điểm: hai giai đoạn; giai đoạn 2 phấn đấu vượt chỉ tiêu cả năm nên không có chỉ tiêu riêng
add-period cao-diem-1 --from 1/7/2024 --to 31/7/2024  --name "Đợt thi đua cao điểm 2024, giai đoạn 1"
add-period cao-diem-2 --from 1/8/2024 --to 30/10/2024 --name "Đợt thi đua cao điểm 2024, giai đoạn 2"
set-target members-admitted 5.000           --unit "$tinh" --period cao-diem-1
set-target unions-founded 15                --unit "$tinh" --period cao-diem-1
set-target party-introduced 300             --unit "$tinh" --period cao-diem-1
HET

# Kết quả 6 tháng so với chỉ tiêu năm, rồi chỉ tiêu của giai đoạn 1
ucli report --period 2024 --as-of 30/6/2024
echo
ucli report --period cao-diem-1
